// @ts-check
import path from "node:path";
import { install } from "../setup.mjs";
import { check, tool } from "./command.mjs";
import { engine } from "./engine.mjs";
import { mocha } from "./mocha.mjs";
import { checkPackage } from "./package.mjs";
import { secrets } from "./secrets.mjs";
import { checked, total } from "./summary.mjs";

/** What `npm test` does, in this order. @type {readonly import("./run-steps.mjs").Step[]} */
export const steps = [
  {
    name: "install",
    about: "the dependencies are those of package-lock.json; else `npm ci`",
    run: async () => {
      await install();
      return checked(true);
    },
  },
  {
    name: "types",
    about: "TypeScript's compiler, for the sources and for the examples",
    needs: ["install"],
    run: async () => {
      const tsc = tool("typescript-native", "tsc");
      return total([await check([...tsc, "--noEmit"]), await check([...tsc, "-p", "tools/tsconfig.examples.json"])]);
    },
  },
  {
    name: "lint",
    about: "oxlint, with types",
    needs: ["install"],
    early: true,
    run: () => check([...tool("oxlint"), "--type-aware", "--deny-warnings", "--format=unix"]),
  },
  {
    name: "format",
    about: "oxfmt; `npm run format` puts it right",
    needs: ["install"],
    early: true,
    run: () => check([...tool("oxfmt"), "--check"]),
  },
  {
    name: "imports",
    about: "which folder may import which: .dependency-cruiser.cjs",
    needs: ["install"],
    early: true,
    run: () => check([...tool("dependency-cruiser"), "lib", "examples", "test", "bench", "tools"]),
  },
  {
    name: "unused",
    about: "files, exports and dependencies that nothing uses: knip",
    needs: ["install"],
    early: true,
    run: () => check([...tool("knip"), "--no-progress", "--treat-config-hints-as-errors"]),
  },
  {
    name: "build",
    about: "dist/, which is published, and build/, which is tested",
    needs: ["install"],
    early: true,
    run: () => check([process.execPath, "tools/build.mjs"]),
  },
  {
    name: "package",
    about: "what npm would publish: publint, attw, and an app that installs it",
    needs: ["build"],
    early: true,
    run: checkPackage,
  },
  {
    name: "engine",
    about: "a Pulumi CLI for the tests that need one: found, downloaded, or built with Go (minutes, once)",
    needs: ["install"],
    early: true,
    run: engine,
  },
  { name: "mocha", about: "the tests, with real servers", needs: ["install", "build"], run: mocha },
  {
    name: "coverage",
    about: "lines of lib/ that the tests ran: c8",
    needs: ["install", "build", "mocha"],
    run: ({ folder }) => check([...tool("c8"), "report", "--temp-directory", path.join(folder, "coverage")], { show: true }),
  },
  { name: "secrets", about: "nothing printed so far holds a secret that a test registered", alongWith: "mocha", run: secrets },
];
