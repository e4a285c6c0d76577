import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { makeSandbox, type Sandbox } from "../harness";
import { failsWith } from "./refusals";

const settingsWith = (more = "") => `import { keyPair, secret, settings } from "endow";
export const shared = settings("shared", {
  session: secret({ generate: true }),
  jwt: keyPair({ type: "ed25519" }),
  again: secret({ fallback: "session" }),${more}
});
`;

/** Prints hashes of what the app gets, and whether load() accepts it. */
const SHOW = `
  const { createHash } = require("node:crypto");
  const hash = (text) => createHash("sha256").update(text ?? "").digest("hex");
  const { SESSION, JWT_PRIVATE_KEY, JWT_PUBLIC_KEY } = process.env;
  console.log(JSON.stringify({ session: hash(SESSION), privateKey: hash(JWT_PRIVATE_KEY), publicKey: hash(JWT_PUBLIC_KEY) }));
`;

const hash = (text = ""): string => createHash("sha256").update(text).digest("hex");

interface Report {
  readonly changed: boolean;
  readonly variables: ReadonlyArray<{ readonly name: string; readonly value?: string; readonly from: string }>;
}

describe("generated secrets at the command line", () => {
  let box: Sandbox;
  let values: Record<string, string>;
  before(() => {
    box = makeSandbox("shop");
    box.write("settings.ts", settingsWith());
    box.write("show.js", SHOW);
  });
  after(() => box.clean());

  const report = async (): Promise<Report> => JSON.parse((await box.run(["dev", "--json"])).stdout) as Report;
  const origins = ({ variables }: Report) => variables.map(({ name, from }) => `${name} ${from}`);
  const seenBy = async (...command: string[]) => {
    const { stdout, stderr, code } = await box.run([...command, "--", process.execPath, "show.js"]);
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout) as unknown;
  };
  const hashes = () => ({
    session: hash(values["SESSION"]),
    privateKey: hash(values["JWT_PRIVATE_KEY"]),
    publicKey: hash(values["JWT_PUBLIC_KEY"]),
  });

  it("are planned: nothing is missing, not even in production", async () => {
    const { stdout } = await box.run(["plan"]);
    assert.match(stdout, /^SESSION +yes +yes +generated +deploy +ready$/m);
    assert.match(stdout, /^JWT_PUBLIC_KEY +no +yes +generated +deploy +ready$/m);
    assert.match(stdout, /^AGAIN +yes +yes +generated from SESSION +deploy +ready$/m);
    const production = await box.run(["plan", "--environment", "production", "--json"]);
    const { missing, generated } = JSON.parse(production.stdout) as { missing: unknown[]; generated: { id: string }[] };
    assert.deepEqual([missing, generated.map(({ id }) => id)], [[], ["shared.session", "shared.jwt"]]);
  });

  it("are made by `dev`, passed to the app, and masked in the table", async () => {
    const { stdout } = await box.run(["dev"]);
    assert.match(stdout, /^SESSION +\*\*\* +generated$/m);
    assert.match(stdout, /^JWT_PRIVATE_KEY +\*\*\* +generated$/m);
    assert.match(stdout, /^JWT_PUBLIC_KEY +-----BEGIN PUBLIC KEY----- /m);
    values = JSON.parse((await box.run(["env", "--json"], { reveals: true })).stdout) as Record<string, string>;
    assert.match(values["SESSION"] ?? "", /^[\w-]{43}$/);
    assert.deepEqual(await seenBy("dev"), hashes());
    assert.deepEqual(await seenBy("run"), hashes());
  });

  it("stay generated when `endow env` has written them to .env", async () => {
    box.write(".env", (await box.run(["env"], { reveals: true })).stdout);
    const again = await report();
    assert.equal(again.changed, false);
    assert.deepEqual(origins(again), [
      "SESSION generated",
      "JWT_PRIVATE_KEY generated",
      "JWT_PUBLIC_KEY generated",
      "AGAIN SESSION, generated",
    ]);
    rmSync(path.join(box.root, ".env"));
  });

  it("are replaced by a supplied value, and return unchanged when it is removed", async () => {
    box.write(".env", "SESSION=supplied-by-a-person\n");
    assert.deepEqual(origins(await report()).slice(0, 2), ["SESSION .env line 1", "JWT_PRIVATE_KEY generated"]);
    assert.deepEqual(await seenBy("dev"), { ...hashes(), session: hash("supplied-by-a-person") });
    rmSync(path.join(box.root, ".env"));
    assert.deepEqual(await seenBy("dev"), hashes());
  });

  it("need `dev` before `run` when they are new, and are kept by --stop", async () => {
    box.write("settings.ts", settingsWith("\n  salt: secret({ generate: { length: 40 } }),"));
    const refused = await box.run(["run", "--", "true"]);
    failsWith("VALUES_MISSING", refused);
    assert.match(refused.stderr, /SALT \(shared\.salt\) has no value: it has not been generated\n +fix: run `endow dev`, then retry/);
    await box.run(["dev"]);
    await box.run(["dev", "--stop"]);
    assert.deepEqual(await seenBy("dev"), hashes());
  });

  it("cannot be declared with options for an absent value", async () => {
    box.write(
      "wrong.ts",
      `import { secret, settings } from "endow";\nexport const a = settings("a", { b: secret({ generate: true }).optional() });\n`,
    );
    const { code, stderr } = await box.run(["dev", "--settings", "wrong.ts"]);
    assert.equal(code, 1);
    assert.match(stderr, /a\.b is generated when no value is supplied, so it is never absent and \.optional\(\) cannot apply/);
  });

  it("are deleted by --down, then generated again", async () => {
    assert.equal((await box.run(["dev", "--down", "--yes"])).code, 0);
    assert.deepEqual(readdirSync(path.join(box.state, "endow")), []);
    assert.notDeepEqual(await seenBy("dev"), hashes());
  });
});
