import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { freePort } from "../../../lib/local/ports";
import { count, insert } from "../../conformance/database";
import { entriesIn } from "../../../lib/supervisor/processes";
import { engine } from "../../support/engine";
import { processesNaming } from "../../support/processes";
import { type TestProject, withProject } from "../../support/project";
import { randomFrom, testSeed } from "../../support/random";
import { eventually } from "../../support/supervised";
import { databaseOf, MANIFESTS, stateOf } from "./shop";

const seed = testSeed();

/** Each round changes something: a value, an option, or the number of resources. */
const filesOf = (port: number) => ({
  ...MANIFESTS,
  "settings.js": `
    const { postgresUrl, redisUrl, settings } = require("endow");
    const { round } = require("./round.json");
    exports.shared = settings("shared", {
      databaseUrl: postgresUrl({ extensions: round % 2 ? ["pgcrypto"] : [] }),
      ...(round % 3 ? { ledgerUrl: postgresUrl() } : {}),
      queueUrl: redisUrl(),
    });`,
  "index.js": `
    const { app, local, Project } = require("endow/pulumi");
    const { shared } = require("./settings");
    const { round } = require("./round.json");
    const web = app({ command: ["node", "server.js"], cwd: "web", port: ${port}, reads: [shared], env: { ROUND: String(round) } });
    new Project("shop", { groups: [shared], target: () => local({ forceDestroy: true }), apps: { web } });`,
  "web/server.js": `require("http").createServer((_, answer) => answer.end(process.env.ROUND)).listen(process.env.PORT, "127.0.0.1");`,
});

describe("`pulumi up` that is killed at any moment", function () {
  this.timeout(900_000);
  const random = randomFrom(seed);
  before(async function () {
    await engine(this);
    console.log(`moments from ENDOW_TEST_SEED=${seed}`);
  });

  it("is completed by the next one, whatever it was doing, and loses no data", async () => {
    const port = await freePort();
    await withProject({ ...filesOf(port), "round.json": round(0) }, async (project) => {
      const whole = await duration(() => up(project));
      const first = await databaseOf(project);
      await insert(first);
      project.write("round.json", round(1));
      const changing = await duration(() => up(project));
      let killed = 0;
      for (const [index, moment] of moments(14, random, changing).entries()) {
        project.write("round.json", round(index + 2));
        killed += await upKilledAfter(moment, project);
        // Two of three are killed before the previous one was completed.
        if (index % 3 !== 1) continue;
        await up(project);
        assert.equal(await count(await databaseOf(project)), 1, `the row is there after ${moment} ms`);
        assert.equal(await (await fetch(`http://127.0.0.1:${port}`)).text(), String(index + 2), `the app is new after ${moment} ms`);
        if (index === 7) await project.pulumi(["preview", "--expect-no-changes"]);
      }
      await destroy(project);
      for (const moment of moments(6, random, whole)) killed += await upKilledAfter(moment, project);
      await up(project);
      const last = await databaseOf(project);
      await insert(last);
      await project.pulumi(["preview", "--expect-no-changes"]);
      await destroy(project);
      console.log(`${killed} of 20 were killed before they had ended`);
      const secrets = [first, last].flatMap((database) => [database.password.reveal(), database.reveal()]);
      project.assertNoSecret(secrets, project.output());
    });
  });
});

const round = (number: number): string => JSON.stringify({ round: number });

/** Milliseconds. */
const duration = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};

/** Spread over a time span, each at a random point of its share. */
const moments = (number: number, random: () => number, time: number): number[] =>
  Array.from({ length: number }, (_, index) => Math.round(((index + random()) / number) * time));

const up = (project: TestProject): Promise<string> => project.pulumi(["up", "--yes", "--skip-preview"]);

/** Waits until none of its processes is running and the stack is unlocked. Returns 1 if it was killed before it had finished. */
const upKilledAfter = async (moment: number, project: TestProject): Promise<0 | 1> => {
  const running = project.start(["up", "--yes", "--skip-preview"]);
  await sleep(moment);
  running.kill();
  const { code } = await running.finished;
  const started = () => [
    ...entriesIn(project.app, path.join(project.app, "web")),
    ...processesNaming(path.join(project.bin, "pulumi-resource-endow-local")),
  ];
  await eventually("the provider and the program have ended by themselves", () => started().length === 0);
  if (locksOf(project).length > 0) await project.pulumi(["cancel", "--yes"]);
  return code === null ? 1 : 0;
};

const destroy = async (project: TestProject): Promise<void> => {
  await project.pulumi(["destroy", "--yes", "--skip-preview"]);
  await project.assertNothingRuns();
  assert.deepEqual(locksOf(project), []);
  assert.deepEqual(readdirSync(path.join(stateOf(project), "endow"), { recursive: true }), []);
};

/** Pulumi's own locks of its stacks. */
const locksOf = ({ environment }: TestProject): string[] => {
  const locks = path.join(fileURLToPath(environment["PULUMI_BACKEND_URL"] ?? ""), ".pulumi", "locks");
  return readdirSync(locks, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".json"));
};
