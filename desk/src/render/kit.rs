//! The recovery kit, as it is printed: one sheet after the other, to be cut apart and locked away apart.

use doorstep_client_core::partnership::RecoveryKit;
use zeroize::Zeroizing;

/// All sheets.
#[must_use]
pub fn kit(kit: &RecoveryKit) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(8 * 1024));
    let count = kit.sheets().len();
    for sheet in kit.sheets() {
        let mut line = |words: &str| {
            text.push_str(words);
            text.push('\n');
        };
        line("────────────────────────────────────────────────────────────────────────────────");
        line(&format!("DOORSTEP RECOVERY KIT · sheet {} of {count}", sheet.number));
        line(&format!("Partnership {}", kit.partnership()));
        line(&format!(
            "Any {} sheets together rebuild the root authority and every organisation's escrow key;",
            kit.threshold()
        ));
        line("one sheet alone opens nothing. Lock each sheet away in another place.");
        line("");
        line("Root key:");
        line(&format!("  {}", sheet.root.as_str()));
        for (organisation, share) in &sheet.escrow_shares {
            line(&format!("Share of the escrow key of {organisation}:"));
            line(&format!("  {}", share.as_str()));
        }
        line("");
    }
    text
}
