// How soon a crew reads a firebox in 10,000 homes: npm run firebox, in this folder. It measures the release build (`cargo build
// --release -p doorstep-desk -p doorstep-server` before), in a real browser, many times, and says median and worst beside a
// floor: the same typing and the same tap, for a search that finds nothing and a page with hardly a word on it.
import { chromium } from "playwright-core";
import { desk, HOMES_OF_POSTCODE, postcode } from "./gazetteer.js";
import { open, search, spread, watch } from "./stopwatch.js";

const HOMES = Number(process.env.DOORSTEP_HOMES ?? 10_000);
const TIMES = Number(process.env.DOORSTEP_TIMES ?? 60);
/** What a crew may wait, from the last sign of the postcode to the firebox on the screen, without their own tap between. */
const LIMIT_MS = 300;
const PROGRAMS = process.env.DOORSTEP_PROGRAMS ?? new URL("../../target/release", import.meta.url).pathname;
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

const place = await desk(PROGRAMS, HOMES);
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"] });
try {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-GB" });
  await watch(context);
  const page = await context.newPage();
  await page.goto(place.link);
  await page.waitForURL((url) => url.pathname === "/");
  const figures = { find: [], firebox: [], both: [], floor: [] };
  // The first turns warm the browser and the device's own memory.
  for (let turn = -5; turn < TIMES; turn += 1) {
    // A step that shares no factor with the number of homes comes by all of the town.
    const home = ((turn + 5) * 7919) % HOMES;
    await page.goto(new URL("/search", page.url()).href);
    const none = await search(page, "ZZ99 9ZZ", "Nothing on this device");
    await page.evaluate(() => {
      const link = document.createElement("a");
      link.href = "/unlock";
      link.className = "fire";
      document.querySelector("main").append(link);
    });
    const small = await open(page, "a.fire", "main:not(:has(#f-search))");
    await page.goto(new URL("/", page.url()).href);
    const find = await search(page, postcode(home), `${HOMES_OF_POSTCODE} homes`);
    const firebox = await open(page, "#found a.fire", "ul.firebox .cell");
    if (turn < 0) continue;
    figures.find.push(find);
    figures.firebox.push(firebox);
    figures.both.push(find + firebox);
    figures.floor.push(none + small);
  }
  const [find, firebox, both, floor] = [figures.find, figures.firebox, figures.both, figures.floor].map(spread);
  console.log(`${HOMES} homes, imported in ${Math.round(place.imported / 1000)} s; ${TIMES} times, in milliseconds`);
  console.log(`from the last sign to what is found   median ${find.median}   worst ${find.worst}`);
  console.log(`from the tap to the firebox           median ${firebox.median}   worst ${firebox.worst}`);
  console.log(`both                                  median ${both.median}   worst ${both.worst}   (at most ${LIMIT_MS})`);
  console.log(`floor                                 median ${floor.median}   worst ${floor.worst}`);
  console.log(`ratio of the medians                  ${(both.median / floor.median).toFixed(2)}`);
  if (both.worst > LIMIT_MS) process.exitCode = 1;
} finally {
  await browser.close();
  await place.close();
}
