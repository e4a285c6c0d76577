import assert from "node:assert/strict";
import { existsSync, rmSync } from "node:fs";
import path from "node:path";
import { makeSandbox, PLAIN, type Sandbox } from "../harness";
import { failsWith, refused } from "./refusals";

describe("endow dev, before anything is started", () => {
  let box: Sandbox;
  before(() => (box = makeSandbox()));
  after(() => box.clean());
  afterEach(() => {
    for (const file of ["settings.ts", ".env"]) rmSync(path.join(box.root, file), { force: true });
    assert.ok(!existsSync(path.join(box.state, "endow")));
  });

  it("names every missing value, with its fix", async () => {
    box.write(
      "settings.ts",
      'import { settings, secret, postgresUrl } from "endow";\nexport const a = settings("a", { databaseUrl: postgresUrl(), apiKey: secret(), otherToken: secret() });\n',
    );
    const finished = await box.run(["dev", "--", "echo", "no"]);
    failsWith("VALUES_MISSING", finished);
    assert.match(finished.stderr, /API_KEY=\.\.\. to \.env[^]*OTHER_TOKEN=\.\.\. to \.env/);
  });

  it("refuses supplied values that the app could not load, and lists the missing ones with them", async () => {
    box.write(
      "settings.ts",
      `import { settings, secret, postgresUrl } from "endow";
import { z } from "zod";
export const a = settings("a", { databaseUrl: postgresUrl({ alias: "DB_URL" }), port: z.number(), key: secret() });
`,
    );
    box.write(".env", "DB_URL=postgres://u:pass-word@ss@h/d\nPORT=many\n");
    const finished = await box.run(["dev", "--", "echo", "no"]);
    failsWith("PLAN_PROBLEMS", finished);
    for (const name of ["DB_URL", "PORT", "KEY"]) assert.equal(finished.stderr.match(new RegExp(`^ {2}- ${name} `, "gm"))?.length, 1, name);
    assert.match(finished.stderr, /^error: These settings have problems:\n {2}- (?:DB_URL|PORT) \(\.env line \d\) /);
    for (const place of ["DB_URL (.env line 1) ", "PORT (.env line 2) "]) assert.ok(finished.stderr.includes(place), place);
    assert.doesNotMatch(finished.stderr, /pass-word/);
  });

  it("refuses a settings file that is missing, does not compile, throws, exports no group or is not valid", async () => {
    failsWith("DECLARATION_NOT_FOUND", await box.run(["dev"]));
    const cases = {
      DECLARATION_NOT_COMPILED: "const = 1;",
      DECLARATION_THROWS: "throw new Error('no');",
      DECLARATION_EMPTY: "export const a = 1;",
      DECLARATION_INVALID: 'import { settings } from "endow"; export const a = settings("a", {});',
    };
    for (const [code, text] of Object.entries(cases)) {
      box.write("settings.ts", text);
      failsWith(code, await box.run(["dev"]));
    }
    failsWith("DECLARATION_NOT_FOUND", await box.run(["dev", "--settings", "other.ts"]));
  });

  it("refuses an unknown or remote environment, a bad project name, a missing folder and options that clash", async () => {
    box.write("settings.ts", PLAIN);
    failsWith("ENVIRONMENT_UNKNOWN", await refused(box, "dev", "--environment", "nowhere"));
    failsWith("ENVIRONMENT_UNKNOWN", await refused(box, "dev", "--environment", "a=nothing"));
    failsWith("ENVIRONMENT_NOT_LOCAL", await refused(box, "dev", "--environment", "production"));
    failsWith("ENVIRONMENT_NAME", await refused(box, "status", "--environment", "../../x=development"));
    failsWith("PROJECT_NAME", await refused(box, "dev", "--project", "my shop"));
    failsWith("FOLDER_NOT_FOUND", await refused(box, "dev", "--cwd", path.join(box.root, "none")));
    failsWith("OPTIONS_CLASH", await refused(box, "dev", "--stop", "--down"));
    failsWith("OPTIONS_CLASH", await refused(box, "dev", "--stop", "--", "true"));
    failsWith("OPTIONS_CLASH", await refused(box, "dev", "--json", "--", "true"));
  });

  it("refuses a state folder that is not writable", async () => {
    box.write("settings.ts", PLAIN);
    const file = box.write("file", "");
    failsWith("FOLDER_NOT_WRITABLE", await box.run(["dev"], { env: { XDG_STATE_HOME: file } }));
  });
});

describe("endow dev", () => {
  let box: Sandbox;
  beforeEach(() => (box = makeSandbox()));
  afterEach(() => box.clean());

  it("gives the app the values of .env, also one kept in a file", async () => {
    box.write(
      "settings.ts",
      'import { settings, secret } from "endow";\nexport const a = settings("a", { apiKey: secret(), otherToken: secret() });\n',
    );
    box.write(".env", "API_KEY='from \"dotenv\"'\nOTHER_TOKEN_FILE=./token\nUNRELATED=x\n");
    const command = ["dev", "--", "sh", "-c", 'echo "$API_KEY|$OTHER_TOKEN|$OTHER_TOKEN_FILE|$UNRELATED"'];
    assert.equal((await box.run(command)).stdout, 'from "dotenv"||./token|\n');
    assert.equal((await box.run(["env"])).stdout, "API_KEY='from \"dotenv\"'\nOTHER_TOKEN_FILE=./token\n");
  });

  it("shows a derived variable as not set where the supplied value has nothing for it, or is in a file", async () => {
    box.write(
      "settings.ts",
      `import { settings, postgresUrl } from "endow";
export const a = settings("a", { one: postgresUrl({ derive: { ONE_PW: "{password}" } }), two: postgresUrl({ derive: { TWO_HOST: "{host}" } }) });
`,
    );
    box.write(".env", "ONE=postgresql://u@h/d\nTWO_FILE=./two\n");
    const { stdout, stderr } = await box.run(["dev", "--", "sh", "-c", 'echo "${ONE_PW-unset} ${TWO_HOST-unset}"']);
    assert.equal(stdout, "unset unset\n");
    for (const name of ["ONE_PW", "TWO_HOST"]) assert.match(stderr, new RegExp(`^${name} +not set$`, "m"));
  });

  it("ignores .env lines that no setting declares, and rejects one that dotenv and python-dotenv read differently", async () => {
    box.write("settings.ts", 'import { settings, secret } from "endow";\nexport const a = settings("a", { apiKey: secret() });\n');
    const command = ["dev", "--", "sh", "-c", 'echo "$API_KEY"'];
    box.write(".env", "not a value\nOTHER=a#b\nOPEN='\nAPI_KEY=${OTHER_KEY}-and-more\nOTHER_KEY='x#y'\n");
    assert.equal((await box.run(command, { env: { OTHER_KEY: "of-the-shell" } })).stdout, "of-the-shell-and-more\n");
    box.write(".env", "not a value\nAPI_KEY=pass-word#pass-word\n");
    const finished = await box.run(command);
    failsWith("DOTENV_AMBIGUOUS", finished);
    assert.match(finished.stderr, /API_KEY \(\.env:2\) is read differently: .*\n +fix: put the value you want in single quotes\n/);
    assert.doesNotMatch(finished.stderr, /pass-word/);
    box.write("requirements.txt", "python-dotenv\n");
    assert.equal((await box.run(command)).code, 0);
    rmSync(path.join(box.root, "requirements.txt"));
  });

  it("leaves values to an app that reads .env itself, so that its other files can override them", async () => {
    box.write(
      "settings.ts",
      'import { settings, secret } from "endow";\nexport const a = settings("a", { apiKey: secret(), otherKey: secret() });\n',
    );
    box.write("package.json", '{ "dependencies": { "dotenv": "^17" } }');
    box.write(".env", "API_KEY=of-the-file\nOTHER_KEY=of-the-file\n");
    box.write(".env.mine", "API_KEY=of-another-file\n");
    const dotenv = JSON.stringify(require.resolve("dotenv"));
    const app = `require(${dotenv}).config({ path: [".env.mine", ".env"], quiet: true }); console.log(process.env.API_KEY, process.env.OTHER_KEY)`;
    const { stdout, stderr } = await box.run(["dev", "--", process.execPath, "-e", app]);
    assert.equal(stdout, "of-another-file of-the-file\n", stderr);
    assert.match(stderr, /^API_KEY +\*\*\* +\.env line 1$/m);
    const print = ["--", "sh", "-c", 'echo "$API_KEY|$OTHER_KEY"'];
    assert.equal((await box.run(["run", ...print], { env: { OTHER_KEY: "of-the-shell" } })).stdout, "|of-the-shell\n");
    box.write("package.json", "{}");
    assert.equal((await box.run(["dev", ...print])).stdout, "of-the-file|of-the-file\n");
    for (const file of ["package.json", ".env.mine"]) rmSync(path.join(box.root, file));
  });

  it("says which .env values replace a server, in dev and in plan", async () => {
    box.write(
      "settings.ts",
      `import { settings, postgresUrl, bucket, secret } from "endow";
export const a = settings("a", { databaseUrl: postgresUrl(), uploads: bucket(), apiKey: secret() });
`,
    );
    const uploads = ["BUCKET=uploads", "REGION=r", "ENDPOINT=http://h", "ACCESS_KEY_ID=k", "SECRET_ACCESS_KEY=hunter2hunter2"];
    box.write(
      ".env",
      `# database\n\nDATABASE_URL=postgresql://u:hunter2@h/d\n${uploads.map((line) => `UPLOADS_${line}\n`).join("")}API_KEY=x1y2\n`,
    );
    const dev = await box.run(["dev", "--", "true"]);
    assert.equal(dev.code, 0, dev.stderr);
    const lines = dev.stderr.split("\n").filter((line) => line.includes("so no server"));
    assert.equal(lines[0], "DATABASE_URL comes from .env line 3, so no server was started; delete the line to get one");
    assert.match(
      lines[1] ?? "",
      /^UPLOADS_BUCKET comes from \.env line 4, UPLOADS_REGION from \.env line 5, .*; delete the lines to get one$/,
    );
    assert.equal(lines.length, 2);
    const plan = await box.run(["plan"]);
    assert.match(plan.stderr, /^DATABASE_URL comes from \.env line 3, so no server is started; delete the line to get one$/m);
    const shell = await box.run(["dev", "--", "true"], { env: { DATABASE_URL: "postgresql://u:hunter2@other/d" } });
    assert.doesNotMatch(shell.stderr, /DATABASE_URL comes from/);
  });

  it("runs without an unavailable server if no setting requires it, and reports how to install it", async () => {
    const settings = (more: string) =>
      `import { settings, postgresUrl } from "endow";\nexport const a = settings("a", { databaseUrl: postgresUrl({ version: "17" })${more} });\n`;
    box.write("settings.ts", settings(".optional()"));
    const command = ["dev", "--program", "postgres=/bin/false", "--", "sh", "-c", 'echo "[$DATABASE_URL]"'];
    const optional = await box.run(command);
    assert.equal(optional.code, 0, optional.stderr);
    assert.equal(optional.stdout, "[]\n");
    assert.match(optional.stderr, /^warning: postgres is not available; the app runs without it: .*\n {2}fix: /m);
    box.write("settings.ts", settings(""));
    failsWith("SERVER_UNAVAILABLE", await box.run(command));
  });

  it("keeps a settings file's output out of its own output", async () => {
    box.write("settings.ts", `${PLAIN}console.log("noise");\nsetInterval(() => undefined, 1000);\n`);
    const { stdout, stderr } = await box.run(["dev", "--json"]);
    assert.equal((JSON.parse(stdout) as { changed: boolean }).changed, true);
    assert.match(stderr, /^noise\n/);
  });
});
