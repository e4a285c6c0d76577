import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fromNpm } from "../support/from-npm";
import { packed, root, type ZodVersion } from "../support/package";
import { skipUnless } from "../support/prerequisite";
import { makeSandbox, type Sandbox } from "../support/sandbox";
import { PATIENCE } from "../support/supervised";
import { assertLoads, declaring, env, loading } from "./program";

interface Manager {
  /** The package that it comes in, and its program there. Absent: it is on PATH. */
  readonly from?: readonly [specifier: string, program: string];
  readonly install: readonly string[];
  /** How it runs a program of a package. */
  readonly exec: readonly string[];
  /** How it runs Node. Absent: Node needs no help. */
  readonly node?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** None of them asks a registry: if that works, an app gets no other package. */
const managers: Readonly<Record<string, Manager>> = {
  npm: {
    install: ["install", "--ignore-scripts", "--offline", "--no-audit", "--no-fund"],
    exec: ["exec", "--offline", "--"],
  },
  pnpm: { from: ["pnpm@12.21.0", "pnpm/bin/pnpm.mjs"], install: ["install", "--offline", "--ignore-scripts"], exec: ["exec"] },
  "yarn 1": {
    from: ["yarn@1.22.22", "yarn/bin/yarn.js"],
    install: ["install", "--offline", "--ignore-scripts", "--non-interactive"],
    exec: ["--silent", "run"],
  },
  "yarn 4 with node_modules": {
    from: ["@yarnpkg/cli-dist@4.18.1", "@yarnpkg/cli-dist/bin/yarn.js"],
    install: ["install"],
    exec: ["run"],
    env: { YARN_NODE_LINKER: "node-modules" },
  },
  "yarn 4 without node_modules": {
    from: ["@yarnpkg/cli-dist@4.18.1", "@yarnpkg/cli-dist/bin/yarn.js"],
    install: ["install"],
    exec: ["run"],
    node: ["node"],
  },
};

const formats = [
  ["esm", "mjs"],
  ["cjs", "cjs"],
] as const;

/** A server that `endow dev` starts with a program of its own, which must be a file. */
const SERVED = `
import { redisUrl, settings } from "endow";
import { z } from "zod";
export const served = settings("served", { cacheUrl: redisUrl(), port: z.number().default(8000 as number) });
`;

const PING = `
const { connect } = require("node:net");
const { hostname, port, username, password } = new URL(process.env.CACHE_URL);
const socket = connect(Number(port), hostname, () => socket.write("AUTH " + username + " " + password + "\\r\\nPING\\r\\n"));
let said = "";
socket.on("data", (data) => {
  said += data;
  if (said.includes("PONG")) console.log("it answers"), socket.destroy();
});
`;

describe("the package installed", () => {
  let folder: string;
  let archive: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "endow-managers-"));
    archive = packed(root, folder);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const manifest = (zod: ZodVersion): string => {
    const dependencies = { endow: `file:${archive}`, zod: `file:${realpathSync(path.join(root, "node_modules", zod))}` };
    return JSON.stringify({ name: "shop", private: true, dependencies });
  };

  for (const [name, manager] of Object.entries(managers))
    describe(`by ${name}`, () => {
      let sandbox: Sandbox;
      let command: readonly string[] = ["npm"];
      before(async function () {
        const { from } = manager;
        if (from) {
          const [specifier, program] = from;
          const modules = await fromNpm(specifier.replace(/^@/, "").replaceAll(/[@/]/g, "-"), [specifier]);
          skipUnless(this, modules !== undefined, `${specifier} cannot be had`);
          command = [process.execPath, path.join(modules ?? "", program)];
        }
        sandbox = makeSandbox();
        write("package.json", manifest("zod"));
        // Without it, yarn 4 takes a folder below another project's for part of that one.
        write("yarn.lock", "");
        for (const [format, extension] of formats) {
          write(`declared.${extension}`, declaring(format));
          write(`app.${extension}`, loading(format, `./declared.${extension}`));
        }
        write("settings.ts", SERVED);
        write("ping.cjs", PING);
        // What it keeps, it keeps in the sandbox.
        run(manager.install, Object.fromEntries(["HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"].map((home) => [home, sandbox.folder])));
      });
      after(() => sandbox?.remove());

      const write = (file: string, text: string): void => writeFileSync(path.join(sandbox.app, file), text);

      const run = (
        args: readonly string[],
        given: Readonly<Record<string, string>> = {},
        [program = "", ...first]: readonly string[] = command,
      ): string => {
        const { status, stdout, stderr } = spawnSync(program, [...first, ...args], {
          cwd: sandbox.app,
          encoding: "utf8",
          timeout: PATIENCE,
          env: { ...process.env, ...sandbox.environment, ...yarnIn(sandbox.folder), ...manager.env, ...given },
        });
        assert.equal(status, 0, `${args.join(" ")}: ${stdout}\n${stderr}`);
        return stdout;
      };

      for (const [format, extension] of formats)
        it(`loads values, ${format}`, () =>
          assertLoads(run([`app.${extension}`], env, manager.node ? [...command, ...manager.node] : [process.execPath])));

      it("runs the command, for settings in TypeScript", () => {
        const { variables } = JSON.parse(run([...manager.exec, "endow", "plan", "--json"])) as {
          readonly variables: readonly { readonly name: string }[];
        };
        assert.deepEqual(
          variables.map((variable) => variable.name),
          ["CACHE_URL", "PORT"],
        );
      });

      it("starts servers", async () => {
        try {
          assert.match(run([...manager.exec, "endow", "dev", "--", "node", "ping.cjs"]), /it answers/);
        } finally {
          run([...manager.exec, "endow", "dev", "--down", "--yes"]);
        }
        await sandbox.assertNothingRuns();
      });
    });

  for (const zod of ["zod-3.25", "zod-4.0"] as const)
    it(`by npm with ${zod}: npm rejects peers of unsupported versions`, () => {
      const app = path.join(folder, zod);
      mkdirSync(app);
      writeFileSync(path.join(app, "package.json"), manifest(zod));
      const { status, stderr } = spawnSync("npm", managers["npm"]?.install ?? [], { cwd: app, encoding: "utf8", timeout: PATIENCE });
      assert.equal(status, 0, stderr);
    });
});

/** Without node_modules, it runs programs from the folder in which it keeps them. */
const yarnIn = (folder: string): Readonly<Record<string, string>> => ({
  YARN_GLOBAL_FOLDER: path.join(folder, "yarn"),
  YARN_ENABLE_NETWORK: "0",
  YARN_ENABLE_TELEMETRY: "0",
});
