// Every page for everybody: axe in both languages, by day and by night; by keyboard alone; at 200 %; without scripts; and bad
// input on every form.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { prepare } from "./office.js";
import { flat, go, open } from "./world.js";

let world;
let paths;
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

before(async () => {
  world = await open();
  const { desk, ot } = world;
  const home = await flat(desk);
  const record = home.split("/").pop();
  await go(desk, home);
  const person = await desk.locator("a[href^='/person/']").first().getAttribute("href");
  await go(ot, `${home}/visit`);
  await ot.check("input[name=kind][value=safe-and-well]", { force: true });
  await ot.click("main button.main");
  await ot.waitForURL("**/visit/*/*");
  const visit = new URL(ot.url()).pathname;
  // A photograph, an answer for a room, and a hazard that somebody else found.
  await go(ot, `${home}/photographs`);
  await ot.setInputFiles("#f-photo", { name: "hall.jpg", mimeType: "image/jpeg", buffer: await ot.screenshot({ type: "jpeg" }) });
  await ot.click("text=Save the photograph");
  const photograph = await ot.locator(".photo").first().getAttribute("href");
  await go(ot, visit);
  const again = await ot.locator("a:has-text('Look again')").first().getAttribute("href");
  await go(desk, "/devices");
  const device = await desk.locator("a[href^='/device/']:has-text('OT tablet')").getAttribute("href");
  const parts = ["person", "contact", "language", "need", "ability", "note", "household", "member", "important", "proxy", "professional"]
    .map((part) => `${person}/part/${part}`);
  const team = await desk.locator("a[href^='/team/']").first().getAttribute("href");
  const office = await prepare(world, home);
  await go(desk, home);
  const mistaken = await desk.locator("a[href*='/mistakes/']").first().getAttribute("href");
  // Of a protected place nothing is shown before somebody looks, so any will do.
  const nowhere = "0".repeat(31) + "1";
  paths = {
    desk: ["/", "/search", home, person, `/firebox/${record}`, `/glass/${record}`, "/visits", "/visit/new", `${home}/visit`,
      "/reconcile", `/timeline/${record}`, "/todo/visits", "/todo/clocks", "/todo/duplicates", "/todo/stale-facts",
      "/todo/disclosures", "/todo/late-work", "/todo/sync", "/late", "/devices", "/devices/access", device, `${device}/lost`, "/audit",
      "/health", "/unlock", "/register", "/register/ask", "/register/request", "/reports", `/reports/property/${record}`, `/reports/resident/${person.split("/").pop()}`,
      "/reports/clocks", "/reports/access", "/reports/homes-by-hazard", office.places, `/places/street/${record}`, team, `${team}/grant`,
      "/teams/new", "/enrol", "/enrol/accept", "/seats/accept", "/keeping", `${person}/consents`, `${person}/consent/share-with-fire`,
      `${person}/nhs-number`, `${person}/protected-notes`, `${person}/protected-notes/place/${nowhere}`, `${person}/protection`, `${person}/questions`,
      `${person}/questions/form-ot-assessment`, "/register/allocations", "/register/allocations/new",
      "/register/agreements", "/register/agreements/new", office.dispute, office.twins, office.clocks, office.disclosure, office.request,
      office.agreement, office.allocation, office.guarded, `${office.guarded}/protection`, `${office.guarded}/protected-notes`,
      `${home}/mistakes`, `${person}/mistakes`, mistaken],
    ot: [visit, `${visit}/form`, `${visit}/photo`, again, photograph, `${home}/photographs`, `${home}/person`, ...parts, `${visit}/hazards`, `${visit}/hazard/fire-v1/smoking`, `${visit}/add/alarm`, `${visit}/add/clutter`,
      `${visit}/add/dwelling`, `${visit}/add/measurement`, `${visit}/add/equipment`],
    forms: [["/register/ask", "desk"], ["/register/request", "desk"], [`${team}/grant`, "desk"], ["/teams/new", "desk"], ["/enrol", "desk"], ["/enrol/accept", "desk"],
      ["/seats/accept", "desk"], ["/keeping", "desk"], ["/reports", "desk"], [`/glass/${record}`, "desk"], ["/visit/new", "desk"], [`${home}/visit`, "desk"], [`${device}/lost`, "desk"],
      [`${visit}/hazard/fire-v1/smoking`, "ot"], [`${visit}/add/alarm`, "ot"], [`${visit}/add/clutter`, "ot"],
      [`${visit}/add/dwelling`, "ot"], [`${visit}/add/measurement`, "ot"], [`${visit}/add/equipment`, "ot"], [visit, "ot"],
      [`${visit}/photo`, "ot"], [`${home}/photographs`, "ot"], [`${home}/person`, "ot"], ...parts.map((part) => [part, "ot"]),
      [`${person}/consent/share-with-fire`, "ot"], [`${person}/nhs-number`, "desk"], [`${person}/protected-notes`, "desk"],
      [`${person}/protected-notes/place/${nowhere}`, "desk"], [`${person}/protection`, "desk"], ["/register/agreements/new", "desk"], ["/register/allocations/new", "desk"], [office.allocation, "desk"],
      [office.agreement, "desk"], [mistaken, "desk"], [`${office.guarded}/protected-notes`, "desk"]],
  };
});
after(async () => { await world?.close(); });

async function say(page, name, value) {
  await go(page, "/");
  await page.click(`button[name=${name}][value=${value}]`);
}

async function everyPage(look) {
  for (const who of ["desk", "ot"]) {
    for (const path of paths[who]) {
      await go(world[who], path);
      await look(world[who], path);
    }
  }
}

test("axe can find", async () => {
  await go(world.desk, "/");
  await world.desk.evaluate(() => document.querySelector("main").append(document.createElement("img"), document.createElement("button")));
  const { violations } = await new AxeBuilder({ page: world.desk }).withTags(RULES).analyze();
  assert.deepEqual(violations.map((one) => one.id).sort(), ["button-name", "image-alt"]);
});

// No colour depends on the language, and no word on the light.
for (const [language, light] of [["en", "day"], ["cy", "night"]]) {
  test(`axe finds nothing: ${language}, ${light}`, async () => {
    for (const page of [world.desk, world.ot]) {
      await say(page, "language", language);
      await say(page, "light", light);
    }
    const found = [];
    await everyPage(async (page, path) => {
      assert.equal(await page.getAttribute("html", "lang"), language);
      const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
      for (const one of violations) found.push(`${path}: ${one.id}: ${one.nodes[0].html} ${one.nodes[0].failureSummary}`);
    });
    assert.deepEqual(found, []);
  });
}

test("no page scrolls sideways at 200 % or on a small screen, and targets are 44 pixels", async () => {
  for (const page of [world.desk, world.ot]) await say(page, "language", "en");
  const found = [];
  for (const page of [world.desk, world.ot]) await page.setViewportSize({ width: 640, height: 400 });
  await everyPage(async (page, path) => {
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wide > 0) found.push(`${path}: ${wide} too wide`);
    const small = await page.evaluate(() => [...document.querySelectorAll("button, .button, select, input:not([type=hidden]):not([type=radio]), .chip label, summary, .tabs a")]
      .filter((one) => one.checkVisibility() && (one.getBoundingClientRect().height < 43.5 || one.getBoundingClientRect().width < 43.5))
      .map((one) => one.outerHTML.slice(0, 90)));
    for (const one of small) found.push(`${path}: small: ${one}`);
  });
  for (const page of [world.desk, world.ot]) await page.setViewportSize({ width: 1280, height: 800 });
  assert.deepEqual(found, []);
});

/** Fields that take some thousand signs. */
const LONG = ["note", "why", "follow_up", "access_notes", "mistake_why", "moved_note"];

test("bad input on every form: the error stands at the field, and what was typed is kept", async () => {
  for (const [path, who] of paths.forms) {
    const page = world[who];
    await go(page, path);
    const form = page.locator("form.sheet").first();
    for (const more of await form.locator("details").all()) await more.evaluate((one) => { one.open = true; });
    const texts = form.locator("input[type=text], textarea");
    const count = await texts.count();
    const typed = [];
    for (let at = 0; at < count; at += 1) {
      const field = texts.nth(at);
      const name = await field.getAttribute("name");
      if (!(await field.isVisible())) continue;
      const value = `not a value of ${name} `.repeat(LONG.includes(name) ? 300 : 20).trim();
      await field.fill(value);
      typed.push([name, value]);
    }
    await form.locator("button:not(.quiet)").first().click();
    await page.waitForSelector("#wrong").catch(() => assert.fail(`${path}: nothing is wrong there`));
    assert.match(await page.title(), /^Please check/, path);
    assert.ok(await page.locator("#wrong").evaluate((one) => one === document.activeElement), `${path}: what is wrong has the focus`);
    for (const link of await page.locator("#wrong a").all()) {
      const field = page.locator(await link.getAttribute("href"));
      assert.equal(await field.count(), 1, `${path}: the summary leads to the field`);
    }
    assert.ok(await page.locator(".error").count() > 0, path);
    for (const [name, value] of typed) {
      assert.equal(await page.inputValue(`[name=${name}]`), value, `${path}: ${name} is kept`);
    }
  }
});

test("by keyboard alone: find a home, open its firebox, begin a visit, add a hazard", async () => {
  const { ot } = world;
  await go(ot, "/");
  await ot.keyboard.press("Tab");
  assert.equal(await ot.evaluate(() => document.activeElement.className), "skip", "the first stop skips to the page");
  await ot.keyboard.press("Enter");
  const press = async (test, key = "Tab", most = 80) => {
    for (let turn = 0; turn < most; turn += 1) {
      await ot.keyboard.press(key);
      if (await ot.evaluate(test)) return;
    }
    throw new Error(`not reached by keyboard: ${test}`);
  };
  await press(() => document.activeElement.id === "f-search");
  await ot.keyboard.type("999900000110");
  await ot.keyboard.press("Enter");
  await ot.waitForURL("**/search");
  await press(() => document.activeElement.matches("#found a.open"));
  const ring = await ot.evaluate(() => getComputedStyle(document.activeElement).outlineWidth);
  assert.equal(ring, "3px", "focus is seen");
  await ot.keyboard.press("Enter");
  await ot.waitForURL("**/home/*");
  await press(() => document.activeElement.textContent === "Record a visit");
  await ot.keyboard.press("Enter");
  await ot.waitForURL("**/visit");
  await press(() => document.activeElement.name === "kind");
  await ot.keyboard.press("Space");
  await press(() => document.activeElement.matches("main button.main"));
  await ot.keyboard.press("Enter");
  await ot.waitForURL("**/visit/*/*");
  await press(() => document.activeElement.matches(".grid .button"));
  await ot.keyboard.press("Enter");
  await ot.waitForURL("**/hazard/**");
  await press(() => document.activeElement.matches("button.severity"));
  await ot.keyboard.press("Enter");
  await ot.waitForSelector("text=Saved:");
});

test("everything reads, and forms work, without scripts", async () => {
  const plain = await world.browser.newContext({ javaScriptEnabled: false, storageState: await world.context.storageState() });
  const page = await plain.newPage();
  const at = (path) => new URL(path, world.ot.url()).href;
  await page.goto(at("/search"));
  await page.fill("#f-search", "999900000110");
  await page.press("#f-search", "Enter");
  await page.waitForSelector("#found a.fire");
  await page.click("#found a.fire");
  await page.waitForSelector(".cell.danger");
  const visit = paths.ot[0];
  await page.goto(at(`${visit}/hazard/fire-v1/candles`));
  await page.check("input[name=room][value=kitchen]", { force: true });
  await page.click("button.severity.low");
  await page.waitForSelector("text=Saved: Candles");
  // An answer of the form is one tap, and a photograph one form.
  await page.goto(at(`${visit}/form`));
  await page.locator("#q-smoking button", { hasText: "Yes" }).click();
  await page.waitForURL("**/form#q-smoking");
  assert.equal(await page.locator("#q-smoking button[aria-pressed=true]").innerText(), "Yes");
  await page.goto(at(`${visit}/photo`));
  await page.setInputFiles("#f-photo_file", { name: "a.png", mimeType: "image/png", buffer: await page.screenshot() });
  await page.click("text=Save the photograph");
  await page.waitForSelector("text=The photograph is kept");
  await plain.close();
});
