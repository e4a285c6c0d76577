import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { freePort } from "../../../lib/local/ports";
import { processLog } from "../../../lib/local/process";
import { entriesIn, identify } from "../../../lib/supervisor/processes";
import { engine } from "../../support/engine";
import { processesNaming, shownBy } from "../../support/processes";
import { type TestProject, withProject } from "../../support/project";
import { registerSecret } from "../../support/secrets";
import { eventually, kill } from "../../support/supervised";
import { environmentOf, MANIFESTS } from "./shop";

const TOKENS = ["the first token, € and 'quotes'", "the second token, $HOME and `ticks`"].map(registerSecret) as [string, string];

/** An app with a child process that is not told to stop. */
const SERVER = `
  require("child_process").spawn("sleep", ["1000"], { stdio: "ignore" });
  console.log("serving");
  const answers = { "/health": "well", "/pid": String(process.pid), "/token": process.env.API_TOKEN };
  require("http").createServer(({ url }, answer) => answer.end(answers[url])).listen(process.env.PORT, "127.0.0.1");`;

const filesOf = (port: number) => ({
  ...MANIFESTS,
  "settings.js": `
    const { secret, settings } = require("endow");
    exports.shared = settings("shared", { apiToken: secret() });`,
  "index.js": `
    const { app, local, Project } = require("endow/pulumi");
    const { shared } = require("./settings");
    const web = app({ command: ["node", "web.js"], port: ${port}, health: "/health", reads: [shared] });
    const shop = new Project("shop", { groups: [shared], target: () => local(), apps: { web } });
    exports.url = shop.apps.web.url;`,
  "web.js": SERVER,
});

/** An app that fails to start, and logs why. */
const BROKEN = `
  console.log("cannot go on with " + process.env.API_TOKEN + " and so it ends");
  process.exit(3);`;

describe("an app of a stack on this machine", () => {
  before(async function () {
    await engine(this);
  });

  it("runs, restarts only when its values change, recovers, reports why it fails to start, and stops with all its children", async () => {
    const port = await freePort();
    const ask = async (what: string) => (await fetch(`http://127.0.0.1:${port}/${what}`)).text();
    await withProject(filesOf(port), async (project) => {
      await supply(project, TOKENS[0]);
      await up(project);
      assert.equal((await project.pulumi(["stack", "output", "url"])).trim(), `http://127.0.0.1:${port}`);
      assert.equal(await ask("token"), TOKENS[0]);
      assert.match(readFileSync(processLog(environmentOf(project), "web"), "utf8"), /serving/);
      const first = await ask("pid");

      await up(project);
      assert.equal(await ask("pid"), first, "an `up` without changes has restarted it");

      await supply(project, TOKENS[1]);
      await up(project);
      assert.equal(await ask("token"), TOKENS[1]);
      const second = await ask("pid");
      assert.notEqual(second, first);

      await kill(identify(Number(second)) ?? assert.fail("it does not run"));
      const third = await eventually("the supervisor has restarted it", () => ask("pid").catch(() => undefined));
      assert.notEqual(third, second);
      assert.equal(await ask("token"), TOKENS[1]);

      assertNothingShows(project);

      project.write("web.js", BROKEN);
      await supply(project, TOKENS[0]);
      await assert.rejects(up(project), ({ message }: Error) => {
        assert.match(message, /PROCESS_ENDED/);
        assert.match(message, /its log ends:\s+cannot go on with \*\*\* and so it ends/);
        return true;
      });
      project.write("web.js", SERVER);
      await up(project);
      assert.equal(await ask("token"), TOKENS[0]);
      await project.pulumi(["preview", "--expect-no-changes"]);

      await project.pulumi(["destroy", "--yes", "--skip-preview"]);
      await project.assertNothingRuns();
      await assert.rejects(ask("pid"));
      project.assertNoSecret(TOKENS, project.output());
    });
  });
});

const supply = (project: TestProject, token: string): Promise<string> => project.pulumi(["config", "set", "--secret", "API_TOKEN", token]);

const up = (project: TestProject): Promise<string> => project.pulumi(["up", "--yes", "--skip-preview"]);

/** No token is visible to other users in the process list, or in any file but the two meant for it. */
const assertNothingShows = (project: TestProject): void => {
  const pids = [...entriesIn(project.folder).map(({ pid }) => pid), ...processesNaming(project.folder)];
  assert.ok(pids.length >= 3, "the supervisor, the app and its child are running");
  const shown = pids.map((pid) => argumentsOf(pid)).join("\n");
  const folder = environmentOf(project);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const holding = files.filter((entry) => holdsToken(readFileSync(path.join(entry.parentPath, entry.name), "latin1")));
  assert.deepEqual(holding.map(({ name }) => name).toSorted(), ["shared.json", "variables.sh"]);
  assert.ok(!holdsToken(shown), "a process shows a token");
};

/** Parts of the tokens that no encoding changes. */
const holdsToken = (text: string): boolean => /the (first|second) token/.test(text);

const argumentsOf = (pid: number): string => shownBy(pid).split("\n")[0] ?? "";
