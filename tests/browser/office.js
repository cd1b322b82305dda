// Something for every page of the back office to show: a dispute, a pair, a clock, a request to disclose and one of a resident, an
// agreement, who works with somebody, and somebody whose address is protected.
import { choose, cut, go, mend, until } from "./world.js";

/** Begins a visit of a kind at a home. */
async function begin(page, home, kind) {
  await go(page, `${home}/visit`);
  await choose(page, "kind", kind);
  await page.click("main button.main");
  await page.waitForURL("**/visit/*/*");
  return new URL(page.url()).pathname;
}

/** Makes it, and says where each is. */
export async function prepare(world, home) {
  const { desk, ot, surveyor } = world;
  for (const page of [ot, surveyor]) await cut(page);
  for (const [page, kind, people] of [[ot, "ot-assessment", "4"], [surveyor, "hhsrs-inspection", "5"]]) {
    const visit = await begin(page, home, kind);
    await go(page, `${visit}/add/dwelling`);
    await page.fill("#f-people_inside", people);
    await page.click("main button.main");
    await page.waitForSelector("text=Saved:");
    // Two see the same damp without knowing of each other.
    await go(page, `${visit}/hazard/hhsrs-2026/11`);
    await choose(page, "room", "bedroom");
    await page.click("button.severity.high");
    await page.waitForSelector("text=Saved:");
  }
  for (const page of [ot, surveyor]) await mend(page);
  // Figures that nothing else sets: one of the two alone would settle what was in dispute before, and leave no link.
  await until(desk, "/reconcile", "Keep “4”");
  await until(desk, "/reconcile", "Keep “5”");
  await until(desk, "/todo/duplicates", "Damp and mould");
  await go(desk, "/reconcile");
  const dispute = await desk.locator("a[href^='/reconcile/'][href$='people_inside']").first().getAttribute("href");
  await go(desk, "/todo/duplicates");
  const twins = await desk.locator("a[href^='/twins/hazards/']").first().getAttribute("href");
  await go(desk, home);
  const clocks = await desk.locator("a[href^='/clocks/']").first().getAttribute("href");
  await go(desk, "/places");
  const places = new URL(desk.url()).pathname;
  return { dispute, twins, clocks, places, ...(await asked(desk)), ...(await agreed(desk, home)), guarded: await guarded(desk, home) };
}

/** A request to disclose, and what a resident asks for. */
async function asked(desk) {
  await go(desk, "/register/ask");
  await desk.fill("#f-asked_by", "Jo Park");
  await desk.fill("#f-organisation", "Quillbrook Court");
  await desk.fill("#f-asked", "who lives there");
  await desk.fill("#f-purpose", "a debt");
  await desk.click("main button.main");
  await desk.waitForSelector("text=It waits for a decision");
  const disclosure = await desk.locator("a.open:has-text('Jo Park')").first().getAttribute("href");
  await go(desk, "/register/request");
  await desk.selectOption("#f-request_kind", "access");
  await desk.fill("#f-asked_by", "Tom Okoro");
  await desk.fill("#f-due", "2027-01-15");
  await desk.click("main button.main");
  await desk.waitForSelector("text=with the day it is due");
  const request = await desk.locator("a.open:has-text('Tom Okoro')").first().getAttribute("href");
  return { disclosure, request };
}

/** An agreement, and that a worker works with whoever lives at the home. */
async function agreed(desk, home) {
  await go(desk, "/register/agreements/new");
  await desk.fill("#f-agreement_name", "Safe and Well sharing");
  await desk.fill("#f-legal_power", "Fire and Rescue Services Act 2004");
  await desk.fill("#f-lawful_basis", "public task");
  await desk.click("main button.main");
  await desk.waitForSelector("text=A grant can name it now");
  const agreement = await desk.locator("a.open:has-text('Safe and Well sharing')").first().getAttribute("href");
  await go(desk, home);
  const person = await desk.locator("a[href^='/person/']").first().getAttribute("href");
  await go(desk, `/register/allocations/new/${person.split("/").pop()}`);
  await desk.selectOption("#f-allocation_worker", { index: 1 });
  await desk.fill("#f-allocation_purpose", "a bathroom assessment");
  await desk.click("main button.main");
  await desk.waitForSelector("text=Written down.");
  const allocation = await desk.locator("a.open:has-text('a bathroom assessment')").first().getAttribute("href");
  return { agreement, allocation };
}

/** Somebody who lives there, and whose address is protected from now on. */
async function guarded(desk, home) {
  await go(desk, `${home}/person`);
  await desk.fill("#f-preferred_name", "Edith Hart");
  await desk.click("main button.main");
  await desk.waitForURL("**/person/*");
  const person = new URL(desk.url()).pathname;
  await go(desk, `${person}/protection`);
  await desk.fill("#f-protected_by", "P. Shah, safeguarding lead");
  await desk.fill("#f-protected_contact", "safeguarding, 020 7946 0200");
  await desk.click("main button.main");
  await desk.waitForSelector("text=The address is protected");
  return person;
}
