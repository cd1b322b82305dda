// Makes docs/screenshots: npm run screenshots, in this folder. Look at them after every change of how pages look.
import { mkdir } from "node:fs/promises";
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
  await ot.click("button.severity.high");
  await ot.waitForSelector("text=Saved: Loose mats");
  await ot.waitForSelector(".pill:has-text('No signal')");
  await take(ot, "visit");
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
}

try {
  await all();
} finally {
  await world.close();
}
