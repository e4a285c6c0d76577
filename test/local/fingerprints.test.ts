import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { dotenvText } from "../../lib/cli/dotenv";
import { bucket, postgresUrl, redisUrl, settings, type Group } from "../../lib";
import { plan } from "../../lib/plan";
import { localFacts } from "../../lib/local/facts";
import { madeValues, readFingerprints, recordFingerprints } from "../../lib/local/fingerprints";
import { deliveredValues } from "../../lib/plan/delivered";
import { dialectsOf, readDotenv } from "../../lib/workspace/dotenv/dotenv";
import { readSupplied } from "../../lib/workspace/supplied";
import { fieldsLike } from "../support/each-kind";
import { registerSecret } from "../support/secrets";

const HIDDEN = registerSecret("hUnTeR2QqZzXxWw");

/** Every way to name the fields of a connection: by default, exactly, several times, or not at all. */
const names = (field: string) => fc.constantFrom(undefined, `X_${field.toUpperCase()}`, [`A_${field}`, `B_${field}`]);
const naming = (fields: readonly string[]) =>
  fc.record({
    url: fc.constantFrom(undefined, false as const, ["URL_ONE", "URL_TWO"]),
    ...Object.fromEntries(fields.map((field) => [field, names(field)])),
  });
const declared = fc
  .record({
    postgres: naming(["host", "port", "username", "password", "database", "tls"]),
    derive: fc.constantFrom(undefined, {
      DSN: "host={host} password={password:libpq}",
      JDBC: "jdbc:postgresql://{host}:{port}/{database}",
    }),
    prefix: fc.constantFrom(undefined, "APP_"),
    bucketNames: fc.constantFrom({}, { bucket: "S3_NAME", accessKeyId: ["AWS_ACCESS_KEY_ID", "S3_KEY"], region: false as const }),
  })
  .map(({ postgres, derive, prefix, bucketNames }) => {
    const variables = Object.values(postgres).some(Boolean) ? postgres : { ...postgres, url: undefined };
    return settings(
      "a",
      {
        main: postgresUrl({ variables: defined(variables), ...(derive && { derive }) }),
        direct: postgresUrl({ fallback: "main", scheme: "postgresql+asyncpg" }),
        reports: postgresUrl({ variables: "host" in variables ? defined({ host: variables["host"] }) : {} }),
        cache: redisUrl({ derive: { BROKER: "{url}/1" } }),
        files: bucket({ variables: bucketNames }),
      },
      { ...(prefix !== undefined && { prefix }) },
    );
  });
const defined = (names: object) => Object.fromEntries(Object.entries(names).filter(([, name]) => name !== undefined));

const planned = (group: Group) => plan({ project: "shop", groups: [group], environment: "dev", target: localFacts });
const made = (group: Group, port: number) => {
  const result = planned(group);
  const kinds = new Map(result.resources.map(({ setting, kind }) => [setting, kind]));
  const values = deliveredValues(result, [group], {
    supplied: {},
    fieldsOf: (setting) => {
      const fields = fieldsLike((kinds.get(setting) ?? "postgres") as "postgres", { host: "127.0.0.1", name: "shop", secret: HIDDEN });
      return "port" in fields ? { ...fields, port } : fields;
    },
  });
  return { result, values };
};

describe("values that an environment made", () => {
  let folder: string;
  let environment: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "endow-made-"));
    environment = path.join(folder, "development");
    mkdirSync(environment);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("are recognized in a .env that `endow env` wrote, in every form, even after newer values", () => {
    fc.assert(
      fc.property(declared, fc.integer({ min: 1024, max: 9999 }), (group, port) => {
        rmSync(path.join(environment, "fingerprints.json"), { force: true });
        const { result, values } = made(group, port);
        const place = { folder, root: folder };
        recordFingerprints(environment, madeValues(result, [group], values));
        writeFileSync(path.join(folder, ".env"), dotenvText(values, dialectsOf(place)));
        recordFingerprints(environment, madeValues(result, [group], made(group, port + 1).values));
        const request = { groups: [group], env: {}, dotenv: readDotenv({ ...place, cwd: folder, env: {} }) };
        assert.deepEqual(readSupplied({ ...request, recognize: readFingerprints(environment) }).values, {});
        assert.notDeepEqual(readSupplied({ ...request, recognize: () => undefined }).values, {});
      }),
      { numRuns: 60 },
    );
  });

  it("are recorded in a file that only this user can read and that contains no value", () => {
    recordFingerprints(environment, [{ id: "a.token", variable: "TOKEN", text: HIDDEN }]);
    const file = path.join(environment, "fingerprints.json");
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.ok(!readFileSync(file, "utf8").includes(HIDDEN));
    const recognize = readFingerprints(environment);
    assert.equal(recognize(["a.other", "a.token"], "TOKEN", HIDDEN), "latest");
    assert.equal(recognize(["a.token"], "OTHER", HIDDEN), undefined);
    assert.equal(recognize(["a.other"], "TOKEN", HIDDEN), undefined);
  });

  it("are forgotten after twenty newer values, or if the file is damaged", () => {
    const record = (text: string) => recordFingerprints(environment, [{ id: "a.port", variable: "PORT", text }]);
    for (let port = 0; port <= 20; port++) record(String(port));
    const recognize = readFingerprints(environment);
    assert.deepEqual(
      ["0", "1", "20"].map((text) => recognize(["a.port"], "PORT", text)),
      [undefined, "earlier", "latest"],
    );
    record("1");
    assert.equal(readFingerprints(environment)(["a.port"], "PORT", "1"), "latest");
    writeFileSync(path.join(environment, "fingerprints.json"), "{");
    assert.equal(readFingerprints(environment)(["a.port"], "PORT", "1"), undefined);
    record("2");
    assert.equal(readFingerprints(environment)(["a.port"], "PORT", "2"), "latest");
  });
});
