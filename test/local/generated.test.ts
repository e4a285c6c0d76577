import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { chmod, readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { keyPair, load, secret, settings, type GeneratedSecretOptions, type Group } from "../../lib";
import { plan } from "../../lib/plan";
import { codeOf } from "../../lib/errors";
import { readFingerprints } from "../../lib/local/fingerprints";
import { down } from "../../lib/local/down";
import { generatedFile } from "../../lib/local/generated";
import type { Up } from "../../lib/local/up";
import { type Home, makeHome } from "../support/home";
import { registerSecret } from "../support/secrets";

const PROJECT = "generated-test";

describe("generated secrets on this machine", () => {
  let home: Home;
  beforeEach(async () => (home = await makeHome(PROJECT)));
  afterEach(() => home.clean());

  const bring = async (group: Group, supplied: Readonly<Record<string, string>> = {}): Promise<Up> => {
    const known = Object.fromEntries(Object.keys(supplied).map((name) => [name, true as const]));
    const planned = plan({ project: PROJECT, groups: [group], environment: "development", supplied: known });
    const result = await home.bring(group, { plan: planned, supplied });
    Object.values(result.values)
      .filter((value) => value.length >= 8)
      .forEach(registerSecret);
    return result;
  };
  const tokenOf = async (options: Partial<GeneratedSecretOptions> = {}, supplied?: Readonly<Record<string, string>>) => {
    const { values } = await bring(settings("shared", { token: secret({ generate: true, ...options }) }), supplied);
    return values["TOKEN"] ?? assert.fail("it has a value");
  };

  it("are made on the first run, without any server, and load", async () => {
    const group = settings("shared", {
      token: secret({ generate: { bytes: 32, as: "hex" } }),
      jwt: keyPair({ type: "ed25519", as: "base64" }),
      next: secret({ fallback: "token" }),
    });
    const first = await bring(group);
    assert.deepEqual([first.changed, first.servers, first.notes], [true, [], []]);
    const { token, jwt, next } = await load(group, { env: { ...first.stores } });
    assert.match(token.reveal(), /^[0-9a-f]{64}$/);
    assert.ok(next.equals(token));
    assert.match(jwt.publicKey, /^-----BEGIN PUBLIC KEY-----/);
    assert.doesNotMatch(first.values["JWT_PRIVATE_KEY"] ?? "", /\n/);

    const second = await bring(group);
    assert.deepEqual([second.changed, second.values], [false, first.values]);
  });

  it("are in a file that only its owner can read, with no other file but the store's", async () => {
    const value = await tokenOf();
    const file = generatedFile(home.folder);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    const { stores } = await bring(settings("shared", { token: secret({ generate: true }) }));
    const holding = [file, new URL(stores["ENDOW_SHARED"] ?? "")];
    for (const each of holding) assert.ok((await readFile(each, "utf8")).includes(value));
    assert.ok(!(await readFile(path.join(home.folder, "environment.json"), "utf8")).includes(value));
  });

  it("survive a stop, and are deleted with the environment", async () => {
    const value = await tokenOf();
    await home.down({ removeData: false });
    assert.equal(await tokenOf(), value);
    await home.down({ removeData: true });
    assert.equal(existsSync(generatedFile(home.folder)), false);
    assert.notEqual(await tokenOf(), value);
  });

  it("are kept when options change, when the setting is removed and restored, and after a supplied value is removed", async () => {
    const value = await tokenOf();
    assert.equal(await tokenOf({ generate: { bytes: 64, as: "hex" } }), value);
    assert.equal(await tokenOf({ generate: { length: 40 } }), value);
    await bring(settings("shared", { other: secret({ generate: true }) }));
    assert.equal(await tokenOf(), value);
    const own = "supplied-by-a-person";
    assert.equal(await tokenOf({}, { TOKEN: own }), own);
    assert.equal(await tokenOf(), value);
    assert.equal(await tokenOf({ alias: "OLD_TOKEN" }, { OLD_TOKEN: own }), own);
    assert.equal(await tokenOf(), value);
  });

  it("are not made while a value is supplied", async () => {
    await tokenOf({}, { TOKEN: "supplied-by-a-person" });
    assert.equal(existsSync(generatedFile(home.folder)), false);
  });

  it("follow a rename with `formerly`, and never serve another setting that takes the former id", async () => {
    const value = await tokenOf();
    const renamed = settings("shared", { session: secret({ generate: true, formerly: ["shared.token"] }) });
    assert.equal((await bring(renamed)).values["SESSION"], value);
    assert.equal((await bring(renamed)).values["SESSION"], value);
    const both = settings("shared", { session: secret({ generate: true }), token: secret({ generate: true }) });
    const { values } = await bring(both);
    assert.equal(values["SESSION"], value);
    assert.notEqual(values["TOKEN"], value);
    // Its own value comes first, even if a former id has one.
    const formerly = settings("shared", { session: secret({ generate: true, formerly: ["shared.token"] }) });
    assert.equal((await bring(formerly)).values["SESSION"], value);
    const names = (JSON.parse(await readFile(generatedFile(home.folder), "utf8")) as { name: string; id: string }[]).map(
      ({ name, id }) => [id, name] as const,
    );
    assert.equal(new Set(names.map(([, name]) => name)).size, 2);
    assert.deepEqual(names[0], ["shared.session", "shared_token"]);
  });

  it("are encoded as declared now: the key pair stays the same", async () => {
    const pair = (as: "pem" | "base64") => settings("shared", { jwt: keyPair({ type: "ed25519", as }) });
    const { values: pem } = await bring(pair("pem"));
    const { values: base64 } = await bring(pair("base64"));
    assert.equal(Buffer.from(base64["JWT_PRIVATE_KEY"] ?? "", "base64").toString(), pem["JWT_PRIVATE_KEY"]);
  });

  it("are not replaced by a value of another form: the error says how to get a new one", async () => {
    const value = await tokenOf();
    const file = await readFile(generatedFile(home.folder), "utf8");
    for (const changed of [keyPair({ id: "shared.token" }), keyPair({ type: "vapid", id: "shared.token" })])
      await assert.rejects(bring(settings("shared", { pair: changed })), (error: Error) => {
        assert.equal(codeOf(error), "GENERATED_OTHERWISE");
        assert.match(error.message, /the generated value of "shared\.token" is text, but .* now requires a key pair of type (rsa|vapid)/);
        assert.ok(!error.message.includes(value));
        return true;
      });
    assert.equal(await readFile(generatedFile(home.folder), "utf8"), file);
    const other = await bring(settings("shared", { pair: keyPair({ type: "ed25519", id: "shared.token2" }) }));
    assert.match(other.values["PAIR_PUBLIC_KEY"] ?? "", /PUBLIC KEY/);
    await assert.rejects(bring(settings("shared", { pair: keyPair({ id: "shared.token2" }) })), /a key pair of type ed25519/);
    assert.equal(await tokenOf(), value);
  });

  it("are never replaced because their file is damaged or cannot be read", async () => {
    const value = await tokenOf();
    const file = generatedFile(home.folder);
    const sound = await readFile(file, "utf8");
    const [one] = JSON.parse(sound) as object[];
    for (const damage of ["", "{", "{}", "null", '[{"id":"shared.token"}]', sound.slice(0, -20), JSON.stringify([one, one])]) {
      await writeFile(file, damage);
      await assert.rejects(tokenOf(), (error: Error) => {
        assert.equal(codeOf(error), "GENERATED_UNREADABLE");
        assert.ok(error.message.includes(file) && !error.message.includes(value));
        return true;
      });
      assert.equal(await readFile(file, "utf8"), damage);
    }
    await writeFile(file, sound);
    await chmod(file, 0o666);
    await assert.rejects(tokenOf(), { code: "NOT_TRUSTED" });
    await chmod(file, 0o600);
    assert.equal(await tokenOf(), value);
    // The fix for damage.
    await rm(file);
    assert.notEqual(await tokenOf(), value);
  });

  it("are made once by many concurrent settings and runs", async () => {
    const names = Array.from({ length: 30 }, (_, index) => `token${index}`);
    const group = settings("shared", Object.fromEntries(names.map((name) => [name, secret({ generate: true })])));
    const runs = await Promise.all([1, 2, 3].map(() => bring(group)));
    const [first] = runs;
    assert.equal(new Set(Object.values(first?.values ?? {})).size, names.length);
    for (const { values } of runs) assert.deepEqual(values, first?.values);
  });

  it("are delivered under every name, and in the derived form that an app expects", async () => {
    const group = settings("shared", {
      app: secret({ generate: { bytes: 32, as: "base64" }, derive: { APP_KEY: "base64:{value}" } }),
      jwt: keyPair({ type: "ed25519", variables: { privateKey: ["JWT_PRIVATE", "OLD_PRIVATE"], publicKey: false } }),
    });
    const { values } = await bring(group);
    assert.deepEqual(Object.keys(values).toSorted(), ["APP", "APP_KEY", "JWT_PRIVATE", "OLD_PRIVATE"]);
    assert.match(values["APP"] ?? "", /^[A-Za-z0-9+/]{43}=$/);
    assert.ok(values["APP_KEY"] === `base64:${values["APP"]}`);
    assert.ok(values["JWT_PRIVATE"] === values["OLD_PRIVATE"]);
  });

  it("are recognized in a .env, in every form, as long as they are the ones that the environment made", async () => {
    const { values } = await bring(settings("shared", { token: secret({ generate: true }), jwt: keyPair({ type: "ed25519" }) }));
    const recognize = readFingerprints(home.folder);
    for (const [variable, text] of Object.entries(values))
      assert.equal(recognize([variable === "TOKEN" ? "shared.token" : "shared.jwt"], variable, text), "latest", variable);
    assert.equal(recognize(["shared.token"], "TOKEN", "another"), undefined);
  });

  it("are different for each environment and app", async () => {
    const value = await tokenOf();
    const group = settings("shared", { token: secret({ generate: true }) });
    for (const [project, name] of [
      [PROJECT, "feature"],
      ["another-app", "development"],
    ] as const) {
      const planned = plan({ project, groups: [group], environment: { name, type: "development" } });
      const { values } = await home.bring(group, { plan: planned });
      assert.notEqual(registerSecret(values["TOKEN"] ?? ""), value);
      await down({ app: { project, root: home.root }, environment: name, removeData: true });
    }
    assert.equal(await tokenOf(), value);
  });
});
