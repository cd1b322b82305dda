// A desk with as many homes as a district has, brought in by the product's own importer, and its pages.
import { execFile, spawn } from "node:child_process";
import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const run = promisify(execFile);
/** Homes of one postcode. */
export const HOMES_OF_POSTCODE = 20;
const LETTERS = "ABDEFGHJLNPQRSTUWXYZ";

/** The postcode of the home with this number: none of them is given to anybody. */
export function postcode(home) {
  const at = Math.floor(home / HOMES_OF_POSTCODE);
  const letters = LETTERS.length;
  return `ZZ${1 + Math.floor(at / (9 * letters * letters)) % 9} ${1 + Math.floor(at / (letters * letters)) % 9}`
    + LETTERS[Math.floor(at / letters) % letters] + LETTERS[at % letters];
}

/** Rows of homes.csv as the shipped mapping `sample` reads them. */
function homes(count) {
  const rows = ["uprn,parent_uprn,class,unit,building,number,street,town,postcode,storeys,floor,bedrooms,built,construction,heating,tenure,lift"];
  for (let home = 0; home < count; home += 1) {
    const street = `${["Lantern", "Quill", "Harbour", "Foundry", "Orchard"][Math.floor(home / 20) % 5]} ${["Row", "Street", "Close", "Rise"][Math.floor(home / 100) % 4]}`;
    rows.push(`${999800000000 + home},,RD04,,,${1 + (home % 20)},${street} ${Math.floor(home / 400)},Quillbrook,${postcode(home)},2,0,${1 + (home % 4)},19${30 + (home % 60)},brick,gas boiler,council,no`);
  }
  return `${rows.join("\n")}\n`;
}

function firstMatch(program, pattern) {
  return new Promise((found, failed) => {
    for (const stream of [program.stdout, program.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        const match = line.match(pattern);
        if (match) found(match[0]);
      });
    }
    program.once("exit", (code) => failed(new Error(`the program ended with ${code} before it was ready`)));
  });
}

/** Founds a partnership of one desk, imports the homes, and serves its pages. `programs` is the folder of the built programs. */
export async function desk(programs, count) {
  const folder = await mkdtemp(join(tmpdir(), "doorstep-gazetteer-"));
  const env = { ...process.env, DOORSTEP_PASSPHRASE: "a passphrase of a measurement" };
  const doorstep = (...words) => run(join(programs, "doorstep"), ["--folder", join(folder, "desk"), ...words], { env, cwd: folder, maxBuffer: 1 << 26 });
  const server = spawn(join(programs, "doorstep-server"), ["--data", join(folder, "server"), "--listen", "127.0.0.1:0"], { cwd: folder, env });
  const started = [server];
  const close = async () => {
    for (const program of started.reverse()) {
      const gone = new Promise((done) => program.once("exit", done));
      if (program.kill("SIGINT")) await gone;
    }
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const address = await firstMatch(server, /http:\/\/127\.0\.0\.1:\d+/);
    await doorstep("init", "--server", address, "--area", "Mill Ward", "--worker", "Ros Adeyemi",
      "--organisation", "fire=Hillford Fire and Rescue", "--kit-file", join(folder, "kit.txt"));
    const rows = join(folder, "rows");
    await mkdir(rows);
    await writeFile(join(rows, "homes.csv"), homes(count));
    await writeFile(join(rows, "people.csv"), "id,called,forename,surname,born,phone,email,language,interpreter\nP1,Maggie,Margaret,Ashdown,1941-03-17,01632 960101,,,\n");
    await writeFile(join(rows, "tenancies.csv"), "tenancy,person,uprn,role,state,relationship,from,to\nT1,P1,999800000003,tenant,current,,2009-05-11,\n");
    await writeFile(join(rows, "alerts.csv"), "alert,uprn,person,code,note\nA1,999800000003,,ASBESTOS,\n");
    const begun = Date.now();
    await doorstep("import", rows, "--mapping", "sample");
    const imported = Date.now() - begun;
    const pages = spawn(join(programs, "doorstep"), ["--folder", join(folder, "desk"), "desk"], { cwd: folder, env });
    started.push(pages);
    const link = await firstMatch(pages, /http:\/\/127\.0\.0\.1:\d+\/start\/\w+/);
    return { link, imported, close };
  } catch (error) {
    await close();
    throw error;
  }
}
