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
    box.write(".env", "not a value\n");
    failsWith("DOTENV_INVALID", await box.run(command));
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
