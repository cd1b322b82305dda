// Makes docs/screenshots: npm run screenshots, in this folder. Look at them after every change of how pages look.
import { mkdir } from "node:fs/promises";
import { prepare } from "./office.js";
import { choose, cut, flat, go, mend, open, PIN, until } from "./world.js";

const folder = new URL("../../docs/screenshots/", import.meta.url).pathname;
await mkdir(folder, { recursive: true });
const world = await open({ viewport: { width: 1180, height: 740 }, colorScheme: "light" });
const { desk, ot, crew, surveyor } = world;
const take = async (page, name, more = {}) => {
  await page.screenshot({ path: `${folder}${name}.png`, ...more });
  console.log(name);
};
const look = async (page, name, value) => {
  await go(page, "/");
  await page.click(`button[name=${name}][value=${value}]`);
};

/** A picture to be photographed: drawn here, so that it is nobody's home. */
async function drawing(page) {
  const easel = await page.context().newPage();
  await easel.setViewportSize({ width: 960, height: 720 });
  await easel.setContent(`<body style="margin:0"><svg viewBox="0 0 96 72" width="960" height="720"><rect width="96" height="72" fill="#d8cdb8"/>
    <rect y="44" width="96" height="28" fill="#8a6a48"/><path d="M0 50h96M0 57h96M0 65h96" stroke="#6d5238"/><path d="M24 55l44-3 6 12-56 3z" fill="#7a2f3a"/>
    <path d="M60 52c5 3 2 8 12 12" stroke="#c9a27a" stroke-width="2" fill="none"/><rect x="70" y="8" width="18" height="37" fill="#efe9dc" stroke="#9c8f78"/></svg>`);
  const drawn = await easel.screenshot();
  await easel.close();
  return drawn;
}

/** The page of the first person of a home. */
async function personOf(page, home) {
  await go(page, home);
  const person = await page.locator("a[href^='/person/']").first().getAttribute("href");
  await go(page, person);
  return person;
}

async function all() {
  const home = await flat(desk);
  const record = home.split("/").pop();
  await take(world.index, "four-devices");
  for (const [page, exit] of [[ot, "blocked"], [surveyor, "clear"]]) {
    await cut(page);
    await go(page, `${home}/visit`);
    await choose(page, "kind", page === ot ? "ot-assessment" : "stock-condition");
    await page.click("main button.main");
    await page.waitForURL("**/visit/*/*");
    const visit = new URL(page.url()).pathname;
    await go(page, `${visit}/add/dwelling`);
    await choose(page, "main_exit", exit);
    await page.fill("#f-people_inside", page === ot ? "2" : "3");
    await page.click("text=Save");
    await page.waitForSelector("text=Saved:");
  }
  await ot.click("text=Loose mats");
  await choose(ot, "room", "bathroom");
  await take(ot, "hazard");
  await ot.setInputFiles("#f-photo", { name: "mats.png", mimeType: "image/png", buffer: await drawing(ot) });
  await ot.click("button.severity.high");
  await ot.waitForSelector("text=Saved with its photograph: Loose mats");
  await ot.waitForSelector(".pill:has-text('No signal')");
  await take(ot, "visit");
  const visit = new URL(ot.url()).pathname;
  await ot.locator(".photo").first().click();
  await take(ot, "photograph");
  await go(ot, `${visit}/form`);
  await ot.locator("#q-bath button").first().click();
  await ot.waitForURL("**/form#q-bath");
  await take(ot, "form");
  await look(ot, "light", "night");
  await go(ot, `${visit}/form`);
  await take(ot, "form-night");
  await look(ot, "light", "day");
  const person = await personOf(ot, home);
  await take(ot, "person");
  await go(ot, `${person}/part/important`);
  await take(ot, "person-part");
  await mend(ot);
  await mend(surveyor);
  await until(desk, "/reconcile", "Keep “2”");
  await until(desk, "/reconcile", "Keep “3”");
  await take(desk, "reconcile");
  await go(desk, "/");
  await take(desk, "today");
  await go(desk, home);
  await take(desk, "home");
  await look(desk, "language", "cy");
  await go(desk, home);
  await take(desk, "home-welsh");
  await look(desk, "language", "en");
  await go(desk, "/devices");
  await desk.click("text=surveyor tablet");
  await take(desk, "device");
  await flat(crew);
  await take(crew, "find");
  await until(crew, `/firebox/${record}`, "3 people");
  await take(crew, "firebox");
  await look(crew, "light", "night");
  await go(crew, `/firebox/${record}`);
  await take(crew, "firebox-night");
  await look(crew, "light", "day");
  await go(crew, `/glass/${record}`);
  await choose(crew, "reason", "incident");
  await crew.fill("#f-why", "smoke seen from the street");
  if (await crew.locator("#f-pin").count()) await crew.fill("#f-pin", PIN);
  await take(crew, "glass-why");
  await crew.click("text=Break the glass and show");
  await crew.waitForSelector(".open-glass");
  await take(crew, "glass-open");
  await until(desk, "/audit", "smoke seen from the street");
  await take(desk, "audit");
  await ofOffice(home);
}

/** The pages of the back office, whole: they are read from top to bottom. */
async function ofOffice(home) {
  const office = await prepare(world, home);
  const whole = { fullPage: true };
  const pages = [["dispute", office.dispute], ["duplicate", office.twins], ["clocks", office.clocks], ["register", "/register"],
    ["disclosure", office.disclosure], ["report", "/reports/clocks"], ["reports", "/reports"], ["todo", "/todo/visits"],
    ["street", `/places/street/${home.split("/").pop()}`], ["enrol", "/enrol"]];
  for (const [name, path] of pages) {
    await go(desk, path);
    await take(desk, name, whole);
  }
  await go(desk, "/devices");
  await desk.click("a[href^='/team/']");
  await take(desk, "team", whole);
}

try {
  await all();
} finally {
  await world.close();
}
