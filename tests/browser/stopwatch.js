// How long somebody waits: from the last sign of a postcode to what is found, and from a tap to the firebox on the screen.

/** Watches what is typed and what is found, from a page's first script on. */
export async function watch(context) {
  await context.addInitScript(() => {
    const now = () => performance.timeOrigin + performance.now();
    addEventListener("input", () => { window.typed = now(); }, true);
    addEventListener("DOMContentLoaded", () => {
      const found = document.getElementById("found");
      if (!found) return;
      new MutationObserver(() => {
        if (!window.wanted || !found.innerText.includes(window.wanted)) return;
        // Two frames on, what was found has been painted.
        requestAnimationFrame(() => requestAnimationFrame(() => { window.found = now() - window.typed; }));
      }).observe(found, { childList: true });
    });
  });
}

/** From the last sign to the answer that says `wanted`, in milliseconds. What earlier signs found does not say it. */
export async function search(page, text, wanted) {
  await page.fill("#f-search", "");
  await page.evaluate((words) => { window.found = undefined; window.wanted = words; }, wanted);
  await page.locator("#f-search").pressSequentially(text, { delay: 70 });
  await page.waitForFunction(() => window.found !== undefined);
  return page.evaluate(() => window.found);
}

/** From the tap on a link to what it leads to on the screen: it is there when `there` is. */
export async function open(page, selector, there) {
  await page.evaluate(([link, wanted]) => {
    const now = () => performance.timeOrigin + performance.now();
    window.opened = undefined;
    new MutationObserver((_changes, watching) => {
      if (!document.querySelector(wanted)) return;
      watching.disconnect();
      requestAnimationFrame(() => requestAnimationFrame(() => { window.opened = now() - window.tapped; }));
    }).observe(document.documentElement, { childList: true, subtree: true });
    window.tapped = now();
    document.querySelector(link).click();
  }, [selector, there]);
  await page.waitForFunction(() => window.opened !== undefined);
  return page.evaluate(() => window.opened);
}

/** Median and worst of some figures, in whole milliseconds. */
export function spread(figures) {
  const sorted = [...figures].sort((a, b) => a - b);
  return { median: Math.round(sorted[Math.floor(sorted.length / 2)]), worst: Math.round(sorted[sorted.length - 1]) };
}
