// A town's worth of homes on one device: a postcode is found while it is typed, with few questions, and its firebox opens in
// one. How long that takes is measured by `npm run firebox`, against the release build.
import assert from "node:assert/strict";
import { test } from "node:test";
import { chromium } from "playwright-core";
import { desk, HOMES_OF_POSTCODE, postcode } from "./gazetteer.js";
import { open, search, watch } from "./stopwatch.js";

const HOMES = 10_000;
const PROGRAMS = process.env.DOORSTEP_PROGRAMS ?? new URL("../../target/debug", import.meta.url).pathname;
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

test("in 10,000 homes a postcode is found and its firebox opened, with few questions to the device", async () => {
  const place = await desk(PROGRAMS, HOMES);
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu", "--no-first-run"] });
  try {
    const context = await browser.newContext({ locale: "en-GB" });
    await watch(context);
    const page = await context.newPage();
    await page.goto(place.link);
    await page.waitForURL((url) => url.pathname === "/");
    assert.match(await page.locator("main").innerText(), /10000 homes on this device/);
    const asked = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    for (const home of [3, 4_711, HOMES - 1]) {
      asked.length = 0;
      const found = await search(page, postcode(home), `${HOMES_OF_POSTCODE} homes`);
      const parts = asked.filter((path) => path === "/search/part");
      assert.ok(parts.length <= postcode(home).length, `at most one question a sign: ${parts.length}`);
      asked.length = 0;
      const opened = await open(page, "#found a.fire", "ul.firebox .cell");
      assert.equal(await page.locator("ul.firebox .cell").count(), 14);
      const pages = asked.filter((path) => !path.startsWith("/static/") && path !== "/status");
      assert.deepEqual(pages.map((path) => path.split("/")[1]), ["firebox"], "the firebox is one answer");
      console.log(`home ${home}: found after ${Math.round(found)} ms, opened after ${Math.round(opened)} ms`);
      await page.goto(new URL("/", page.url()).href);
    }
  } finally {
    await browser.close();
    await place.close();
  }
});
