// What several tests need: tablets that are enrolled, the visits of the story, a catch-up that came through.

package doorstep.tests

import doorstep.*
import kotlinx.coroutines.runBlocking
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit

val FLAT = Uprn("999900000110")
const val COUNCIL = "Hillford Council"
const val FIRE = "Hillford Fire and Rescue"

/** What is waited for must happen within this time; a loaded machine takes a while. */
const val PATIENCE_SECONDS = 60L

fun Town.tablet(name: String, organisation: String = COUNCIL, vault: KeyVault = softwareVault(PASSPHRASE)): Doorstep {
    val tablet = Doorstep.create(path(name), vault)
    accept(tablet.enrolment().begin(invitation(), DeviceKind.PERSONAL), name, organisation)
    caughtUp(tablet)
    return tablet
}

/** For a while, and then another may open it: objects that came from it and are not collected yet do not keep it. */
inline fun <T> Doorstep.used(work: (Doorstep) -> T): T = try {
    work(this)
} finally {
    runBlocking { shutDown() }
    close()
}

fun caughtUp(tablet: Doorstep): SyncReport {
    val report = runBlocking { tablet.sync() }
    same<SyncEnd>(SyncEnd.CaughtUp, report.end, report.trouble ?: "")
    return report
}

fun eBike(severity: Severity) =
    Hazard(scheme = HazardScheme.FireV1, code = "e-bike", room = "hall", severity = severity, note = "charger on the carpet")

fun found(vararg hazards: Hazard) = Findings(hazards = hazards.toList())

fun visit(kind: VisitKind, found: Findings) =
    NewVisit(at = AtProperty.WithUprn(FLAT), kind = kind, words = VisitWords(outcome = Outcome.Done), found = found)

fun Doorstep.flat(): PropertyPage =
    properties().get(properties().withUprn(FLAT) ?: throw AssertionError("this tablet does not know the flat"))

fun CountDownLatch.inTime(what: String) {
    if (!await(PATIENCE_SECONDS, TimeUnit.SECONDS)) throw AssertionError("$what did not happen in $PATIENCE_SECONDS s")
}
