import assert from "node:assert/strict";
import { othersIn, readDeclarations, writeDeclaration } from "../../lib/local/declarations";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { endOrphans, runningApps } from "../../lib/cli/app-runs";
import { codeOf, EndowError } from "../../lib/errors";
import { ADMINISTRATOR, setAccount } from "../../lib/local/bucket/accounts";
import { addToCache, findInCache } from "../../lib/local/cache";
import { credentialsIn } from "../../lib/local/credentials";
import { ensureGenerated, findGenerated, removeGenerated } from "../../lib/local/generated";
import { recordVerifiers, SUPERUSER, takesPasswords } from "../../lib/local/postgres/logins";
import { keepVariables } from "../../lib/local/process/variables";
import { changeUsers, readUsers } from "../../lib/local/redis/access";
import { checkDataVersion } from "../../lib/local/redis/configuration";
import type { LocalServer } from "../../lib/local/recipe";
import { npmPackage } from "../../lib/local/sources";
import { local, readValues } from "../../lib/stores/local/load";
import { writeValues } from "../../lib/stores/local/write";
import { identify } from "../../lib/supervisor/processes";
import { writeState as writeSupervisorState } from "../../lib/supervisor/state";
import { statusOf, stopAll } from "../../lib/supervisor/client";
import { readManifest } from "../../lib/workspace/manifest";
import { isWorkspace } from "../../lib/workspace/members";
import { quiet, temporaryFolder } from "../support/local-server";
import { registerSecret } from "../support/secrets";
import { withEnvironment } from "../support/with-environment";

/** Content that another program, a full disk or manual editing may leave in a file. */
const contents = (sound: Buffer): Readonly<Record<string, Buffer | string>> => ({
  null: "null",
  "an empty list": "[]",
  "a list": '[{"a":"b"}]',
  "a number": "1",
  "a text": '"x"',
  true: "true",
  "an empty object": "{}",
  "other objects": '{"a":{"b":null},"command":{},"services":[null],"accessAccounts":[null],"programVersion":7,"version":1}',
  "other types": '{"a":1,"b":[],"c":null}',
  "half of what it was": sound.subarray(0, Math.floor(sound.length / 2)),
  nothing: "",
  "a byte order mark": "\uFEFF{}",
  "other bytes": Buffer.from([0, 255, 254, 128, 1, 10, 13, 0x7b, 0xc0]),
  "a lot of brackets": "[".repeat(100_000),
});

/** How a file is created and then used. */
interface Case {
  /** Relative to the folder. */
  readonly file: string;
  readonly make: () => unknown;
  /** Each is tried separately. */
  readonly uses: readonly (() => unknown)[];
  /** Whether lost content is regenerated, so that no use fails. */
  readonly remade?: boolean;
  readonly code?: string;
  /** Content that is also valid for this file. */
  readonly sound?: readonly string[];
}

describe("a damaged file of ours", () => {
  let home: Awaited<ReturnType<typeof temporaryFolder>>;
  let restore: () => void;
  beforeEach(async () => {
    home = await temporaryFolder("files");
    restore = withEnvironment({ XDG_CACHE_HOME: path.join(home.folder, "cache") });
  });
  afterEach(async () => {
    restore();
    await home.remove();
  });

  const environment = () => ({ folder: home.folder, change: async () => undefined });
  const token = { id: "shared.token", formerly: [], generation: { make: "bytes", bytes: 32, as: "hex" } } as const;
  const credentials = () => credentialsIn(home.folder);
  const server = (): LocalServer => ({
    name: "one",
    localName: "one",
    folder: home.folder,
    port: 1,
    program: { path: "/none", version: "7.0.1", source: "path", environment: {} },
    credentials: credentials(),
    ...quiet,
  });
  const key = { source: "npm", name: "program", version: "1", executable: "program" };
  const fill = async (folder: string) => {
    writeFileSync(path.join(folder, "program"), "", { mode: 0o755 });
    return "1";
  };
  const installed = () => npmPackage({ package: "one", version: "1", hash: "sha512-none", programVersion: "1", executable: "program" });
  const own = identify(process.pid);
  const gone = own && { ...own, startTime: "0" };
  const run = "6f6c7b0e-3a35-4c4a-9e7f-6f4b8c9d1e2f";
  const values = () => pathToFileURL(path.join(home.folder, "values/shared.json"));

  const cases: Readonly<Record<string, () => Case>> = {
    "the passwords of a server": () => ({
      file: "credentials.json",
      make: async () => registerSecret(await credentials().get("app")),
      uses: [() => credentials().get("other"), () => credentials().find("app"), () => credentials().remove("app")],
      code: "CREDENTIALS_UNREADABLE",
      sound: ["an empty object"],
    }),
    "the generated secrets": () => ({
      file: "generated.json",
      make: async () => registerSecret((await ensureGenerated(environment(), token)).fields["value"] ?? ""),
      uses: [
        () => ensureGenerated(environment(), { ...token, id: "shared.other" }),
        () => ensureGenerated(environment(), token),
        async () => findGenerated(home.folder, token),
        () => removeGenerated(home.folder, "shared.other"),
      ],
      code: "GENERATED_UNREADABLE",
      sound: ["an empty list"],
    }),
    "the accounts of an S3 server": () => ({
      file: "accounts/users.json",
      make: () => {
        mkdirSync(path.join(home.folder, "accounts"), { mode: 0o700 });
        return setAccount(server(), "one", { secret: "s3cret", role: "user" });
      },
      uses: [
        () => setAccount(server(), ADMINISTRATOR, { secret: "other", role: "admin" }),
        () => setAccount(server(), "one", { secret: "s3cret", role: "user" }),
        () => setAccount(server(), "one", undefined),
      ],
      remade: true,
    }),
    "the note of PostgreSQL's passwords": () => ({
      file: "endow-logins.json",
      make: () => recordVerifiers(home.folder, { superuser: "one", administrator: "two" }),
      uses: [
        async () => {
          registerSecret(await credentials().get(SUPERUSER));
          assert.equal(await takesPasswords(home.folder, credentials()), false);
        },
      ],
      remade: true,
    }),
    "the users of Redis": () => ({
      file: "users.acl",
      make: () => changeUsers(server(), (users) => users.set("app", "on")),
      uses: [() => readUsers(server()), () => changeUsers(server(), (users) => users.set("app", "on"))],
      remade: true,
    }),
    "the version of Redis's data": () => ({
      file: "version",
      make: () => checkDataVersion(server()),
      uses: [() => checkDataVersion(server())],
      remade: true,
    }),
    "the variables of an app": () => ({
      file: "variables.sh",
      make: () => keepVariables(home.folder, { A: "1" }),
      uses: [
        async () => {
          const { file, revision } = await keepVariables(home.folder, { A: "1" });
          assert.equal(readFileSync(file, "utf8"), `# ${revision}\nA='1'\n`);
        },
      ],
      remade: true,
    }),
    "the marker of a cache entry": () => ({
      file: "cache/endow/npm/program@1/endow.json",
      make: () => addToCache(key, fill),
      uses: [
        async () => {
          assert.equal(await findInCache(key), undefined);
          assert.equal((await addToCache(key, fill)).programVersion, "1");
        },
      ],
      remade: true,
    }),
    "the note of an app's run": () => ({
      file: "apps/1.json",
      make: () => {
        mkdirSync(path.join(home.folder, "apps"), { mode: 0o700 });
        writeFileSync(path.join(home.folder, "apps/1.json"), JSON.stringify({ command: gone, run }));
      },
      uses: [() => endOrphans(home.folder), () => runningApps(home.folder)],
      code: "RECORD_DAMAGED",
    }),
    "the values of a group": () => ({
      file: "values/shared.json",
      make: () => writeValues(path.join(home.folder, "values"), "shared", { A: "1" }),
      uses: [() => readValues(values()), () => local.read({ address: values(), variables: ["A"], env: {} })],
      code: "STORE_UNREADABLE",
      sound: ["an empty object"],
    }),
    "the supervisor's state": () => ({
      file: "state.json",
      make: () => writeSupervisorState(home.folder, { services: [] }),
      uses: [
        async () => {
          const { problem } = await statusOf(home.folder);
          assert.ok(problem?.includes(path.join(home.folder, "state.json")), problem);
        },
        () => stopAll(home.folder),
      ],
      remade: true,
    }),
    "the app's package.json": () => ({
      file: "package.json",
      make: () => writeFileSync(path.join(home.folder, "package.json"), '{"name":"shop"}'),
      uses: [() => readManifest(home.folder)],
      code: "MANIFEST_INVALID",
      sound: ["an empty object", "other objects", "other types"],
    }),
    "the app's pyproject.toml": () => ({
      file: "pyproject.toml",
      make: () => writeFileSync(path.join(home.folder, "pyproject.toml"), '[project]\nname = "shop"\n'),
      uses: [() => readManifest(home.folder)],
      code: "MANIFEST_INVALID",
      sound: ["nothing"],
    }),
    "the app's pnpm-workspace.yaml": () => ({
      file: "pnpm-workspace.yaml",
      make: () => writeFileSync(path.join(home.folder, "pnpm-workspace.yaml"), "packages: [apps/*]\n"),
      uses: [() => isWorkspace(home.folder)],
      code: "MANIFEST_INVALID",
      sound: ["null", "nothing", "an empty object", "other objects", "other types", "half of what it was", "a byte order mark"],
    }),
    "the settings files of an environment": () => ({
      file: "declarations.json",
      make: () => writeDeclaration(home.folder, path.join(home.folder, "settings.ts"), []),
      uses: [() => readDeclarations(home.folder), () => othersIn(home.folder, "settings.ts", [])],
      remade: true,
    }),
    "the package.json of an installed program": () => ({
      file: "node_modules/one/package.json",
      make: () => {
        mkdirSync(path.join(home.folder, "node_modules/one"), { recursive: true });
        writeFileSync(path.join(home.folder, "node_modules/one/package.json"), "{}");
        writeFileSync(path.join(home.folder, "node_modules/one/program"), "", { mode: 0o755 });
      },
      uses: [
        async () => {
          const before = process.cwd();
          process.chdir(home.folder);
          const withoutTools = withEnvironment({ PATH: "" });
          try {
            // It does not count as the requested version, and npm would be tried next.
            await assert.rejects(async () => await installed().fetch?.(quiet), { code: "ENOENT", message: "npm not found" });
          } finally {
            withoutTools();
            process.chdir(before);
          }
        },
      ],
      remade: true,
    }),
  };

  for (const [what, caseOf] of Object.entries(cases))
    it(`is reported or regenerated: ${what}`, async () => {
      const { file, make, uses, remade = false, code, sound: accepted = [] } = caseOf();
      const place = path.join(home.folder, file);
      await make();
      const sound = readFileSync(place);
      const failures: string[] = [];
      for (const [name, content] of Object.entries(contents(sound)))
        for (const use of uses) {
          writeFileSync(place, content);
          const error: unknown = await Promise.resolve()
            .then(use)
            .then(
              () => undefined,
              (thrown: unknown) => thrown,
            );
          const mayPass = remade || accepted.includes(name);
          if (error === undefined && mayPass) continue;
          if (mayPass || !(error instanceof EndowError)) failures.push(`${name}: ${String(error)}`);
          else {
            assert.equal(error.code, code, error.message);
            assert.ok(error.message.includes(place) && /\n {2}fix: \S/.test(error.message), error.message);
          }
        }
      assert.deepEqual(failures, []);
      rmSync(place);
      mkdirSync(place);
      for (const use of uses) {
        const error: unknown = await Promise.resolve()
          .then(use)
          .then(
            () => undefined,
            (thrown: unknown) => thrown,
          );
        assert.ok(error === undefined || codeOf(error) !== undefined, String(error));
      }
    });
});
