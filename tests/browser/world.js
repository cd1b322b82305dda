// The story's four devices behind their pages, and a browser in front of them.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

export const FLAT = "999900000110";
export const PIN = "4826";
const NAMES = ["desk", "ot", "crew", "surveyor"];
const STORY = process.env.DOORSTEP_STORY ?? new URL("../../target/debug/doorstep-story", import.meta.url).pathname;
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];

/** Tells the story and opens its devices; each has a page of its own. */
export async function open(options = {}) {
  const folder = await mkdtemp(join(tmpdir(), "doorstep-browser-"));
  const story = spawn(STORY, ["--stay", "--data", join(folder, "data")], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  const link = await firstLink(story);
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: QUIET });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-GB", ...options });
  const index = await context.newPage();
  await index.goto(link);
  await index.waitForURL((url) => url.pathname === "/");
  const world = { folder, story, browser, context, index, elsewhere: [] };
  // Whatever a page asks for, it asks its own machine.
  context.on("request", (request) => {
    const url = new URL(request.url());
    if (url.hostname !== "127.0.0.1" && url.protocol !== "data:") world.elsewhere.push(request.url());
  });
  for (const [at, name] of NAMES.entries()) {
    const page = await context.newPage();
    await page.goto(new URL(`/open/${at}`, index.url()).href);
    await page.waitForURL((url) => url.pathname === "/");
    world[name] = page;
  }
  world.close = async () => {
    await browser.close();
    const gone = new Promise((done) => story.once("exit", done));
    story.kill("SIGINT");
    await gone;
    await rm(folder, { recursive: true, force: true });
  };
  return world;
}

function firstLink(story) {
  return new Promise((found, failed) => {
    const lines = createInterface({ input: story.stdout });
    lines.on("line", (line) => {
      const link = line.match(/http:\/\/127\.0\.0\.1:\d+\/start\/\w+/);
      if (link) found(link[0]);
    });
    story.once("exit", (code) => failed(new Error(`the story ended with ${code} before its pages opened`)));
  });
}

/** Goes to a path of the device that a page shows. */
export async function go(page, path) {
  return page.goto(new URL(path, page.url()).href);
}

/** Opens the home of a UPRN or postcode by searching as a person does, without the script's help. */
export async function find(page, text) {
  await go(page, "/search");
  await page.fill("#f-search", text);
  await page.press("#f-search", "Enter");
  await page.waitForLoadState();
}

/** The path of the flat's page on this device. */
export async function flat(page) {
  await find(page, FLAT);
  return page.locator("#found a.open").first().getAttribute("href");
}

/** Waits until a text is on a page, loading it anew meanwhile: what came from elsewhere shows at the next look. */
export async function until(page, path, text) {
  for (let turn = 0; turn < 60; turn += 1) {
    await go(page, path);
    if ((await page.locator("main").innerText()).includes(text)) return;
    await page.waitForTimeout(500);
  }
  throw new Error(`“${text}” did not come to ${path}`);
}

/** Chooses one of the large buttons of a field. */
export async function choose(page, name, value) {
  await page.check(`input[name="${name}"][value="${value}"]`, { force: true });
}

export async function cut(page) {
  await page.click("button[name=signal][value=cut]");
  await page.waitForSelector("button[name=signal][value=on]");
}

export async function mend(page) {
  await page.click("button[name=signal][value=on]");
  await page.waitForSelector("button[name=signal][value=cut]");
}
