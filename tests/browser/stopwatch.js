// How long somebody waits: from the last sign of a postcode to what is found, and from a tap to the firebox on the screen.

/** Watches a page from its first script on. What it sees stands in the session, so that it outlives the page. */
export async function watch(context) {
  await context.addInitScript(() => {
    const now = () => performance.timeOrigin + performance.now();
    addEventListener("input", () => { window.typed = now(); }, true);
    addEventListener("click", () => { sessionStorage.setItem("tapped", now()); }, true);
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

/** From the tap on a link to the page behind it on the screen. */
export async function open(page, selector) {
  await page.evaluate((link) => document.querySelector(link).click(), selector);
  await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint").length > 0 && document.readyState === "complete"
    && performance.timeOrigin > Number(sessionStorage.getItem("tapped")) - 1);
  return page.evaluate(() => performance.timeOrigin + performance.getEntriesByName("first-contentful-paint")[0].startTime - Number(sessionStorage.getItem("tapped")));
}

/** Median and worst of some figures, in whole milliseconds. */
export function spread(figures) {
  const sorted = [...figures].sort((a, b) => a - b);
  return { median: Math.round(sorted[Math.floor(sorted.length / 2)]), worst: Math.round(sorted[sorted.length - 1]) };
}
