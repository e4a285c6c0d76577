// @ts-check
import path from "node:path";
import { install } from "../setup.mjs";
import { check, tool } from "./command.mjs";
import { engine } from "./engine.mjs";
import { mocha } from "./mocha.mjs";
import { checkPackage } from "./package.mjs";
import { secrets } from "./secrets.mjs";
import { checked, total } from "./summary.mjs";

/** The steps of `npm test`, in this order. @type {readonly import("./run-steps.mjs").Step[]} */
export const steps = [
  {
    name: "install",
    about: "`npm ci`, if the dependencies do not match package-lock.json",
    run: async () => {
      await install();
      return checked(true);
    },
  },
  {
    name: "types",
    about: "the TypeScript compiler, for the sources and the examples",
    needs: ["install"],
    run: async () => {
      const tsc = tool("typescript-native", "tsc");
      return total([await check([...tsc, "--noEmit"]), await check([...tsc, "-p", "tools/tsconfig.examples.json"])]);
    },
  },
  {
    name: "lint",
    about: "oxlint, type-aware",
    needs: ["install"],
    early: true,
    run: () => check([...tool("oxlint"), "--type-aware", "--deny-warnings", "--format=unix"]),
  },
  {
    name: "format",
    about: "oxfmt; fix with `npm run format`",
    needs: ["install"],
    early: true,
    run: () => check([...tool("oxfmt"), "--check"]),
  },
  {
    name: "imports",
    about: "import rules between folders: .dependency-cruiser.cjs",
    needs: ["install"],
    early: true,
    run: () => check([...tool("dependency-cruiser"), "lib", "examples", "test", "bench", "tools"]),
  },
  {
    name: "unused",
    about: "unused files, exports and dependencies: knip",
    needs: ["install"],
    early: true,
    run: () => check([...tool("knip"), "--no-progress", "--treat-config-hints-as-errors"]),
  },
  {
    name: "build",
    about: "dist/ for publishing and build/ for testing",
    needs: ["install"],
    early: true,
    run: () => check([process.execPath, "tools/build.mjs"]),
  },
  {
    name: "package",
    about: "the published package: publint, attw, and an app that installs it",
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
    about: "coverage of lib/: c8",
    needs: ["install", "build", "mocha"],
    run: ({ folder }) => check([...tool("c8"), "report", "--temp-directory", path.join(folder, "coverage")], { show: true }),
  },
  { name: "secrets", about: "no output so far contains a secret registered by a test", alongWith: "mocha", run: secrets },
];
