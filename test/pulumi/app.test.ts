import assert from "node:assert/strict";
import path from "node:path";
import { output, secret as pulumiSecret } from "@pulumi/pulumi";
import { redisUrl, secret, settings } from "../../lib/index";
import { app, Project, type App, type AppOutputs, type LocalPlatform } from "../../lib/pulumi/index";
import { APP_FOLDER, awaited, deployed, here, reasons, refused } from "./harness";

const queue = settings("queue", { queueUrl: redisUrl() });
const mail = settings("mail", { mailToken: secret() });
const command = ["node", "server.js"];

const project = (apps: Record<string, object>, groups = [queue, mail]) =>
  new Project("shop", { groups: groups, target: here, apps: apps as never });
const config = { secrets: { MAIL_TOKEN: "a-token-for-mail" } };

describe("an app", () => {
  it("runs with its command, folder, port and health path", async () => {
    const { engine } = await deployed(
      () => project({ web: app({ command, cwd: "packages/web", port: 3000, health: "/health", reads: [] }) }),
      config,
    );
    const { inputs } = engine.find("endow-local:index:Process", "web");
    assert.deepEqual(inputs, {
      environment: { project: "shop", root: APP_FOLDER, name: "development" },
      name: "web",
      command,
      cwd: path.join(APP_FOLDER, "packages/web"),
      port: 3000,
      health: "/health",
      variables: { PORT: "3000" },
    });
  });

  it("gets the values of the groups that it reads and of no others, their stores' addresses, its port, and its own variables", async () => {
    const { engine } = await deployed(
      () =>
        project({
          web: app({ command, port: 80, reads: [queue], env: { LOG_LEVEL: "info", REGION: output("eu") } }),
          worker: app({ command, reads: [queue, mail] }),
        }),
      config,
    );
    const variablesOf = (name: string) => engine.find("endow-local:index:Process", name).inputs["variables"] as Record<string, string>;
    const { QUEUE_URL, ...web } = variablesOf("web");
    assert.match(QUEUE_URL ?? "", /^redis:\/\/queue_queue_url:\w+@127.0.0.1:6379$/);
    assert.deepEqual(web, {
      ENDOW_ENVIRONMENT: "development",
      ENDOW_QUEUE: "file:///var/lib/endow/mocked/development/values/queue.json",
      LOG_LEVEL: "info",
      PORT: "80",
      REGION: "eu",
    });
    assert.deepEqual(Object.keys(variablesOf("worker")).toSorted(), [
      "ENDOW_ENVIRONMENT",
      "ENDOW_MAIL",
      "ENDOW_QUEUE",
      "MAIL_TOKEN",
      "QUEUE_URL",
    ]);
  });

  it("waits for the values and the resources of the groups that it reads, and for no others", async () => {
    const { made, engine } = await deployed(
      () => project({ web: app({ command, reads: [mail] }), worker: app({ command, reads: [queue] }) }),
      config,
    );
    const guards = ["pulumi:index:Stash mail", "pulumi:index:Stash queue"];
    const waitsFor = (name: string) => awaited(engine.find("endow-local:index:Process", name));
    assert.deepEqual(waitsFor("web"), ["endow-local:index:Values mail", ...guards]);
    assert.deepEqual(waitsFor("worker"), ["endow-local:index:Lease queue.queueUrl", "endow-local:index:Values queue", ...guards]);
    const { consumer } = (made.apps as Readonly<Record<string, AppOutputs<App, LocalPlatform>>>)["web"] ?? assert.fail("it runs");
    assert.deepEqual(consumer, { process: "web" });
  });

  it("has its variables secret as a whole, including its own", async () => {
    const { engine } = await deployed(() => project({ web: app({ command, reads: [], env: { A: pulumiSecret("of my own") } }) }), config);
    assert.deepEqual(engine.find("endow-local:index:Process", "web").secretInputs, ["variables"]);
  });

  it("does not build its image where it runs as a process", async () => {
    const image = () => assert.fail("there is no image on this machine");
    await deployed(() => project({ web: app({ command, reads: [], image }) }), config);
  });

  const invalid: Readonly<Record<string, readonly [apps: Record<string, object>, reason: RegExp]>> = {
    "a name that no target takes": [
      { Web_1: app({ command, reads: [] }) },
      /^apps.Web_1: app "Web_1": the name must be 1 to 37 characters of a-z, 0-9 and -/,
    ],
    "a command that is a text": [
      { web: { command: "node x.js", reads: [] } },
      /^apps.web.command: app "web": the command must be a non-empty array of strings/,
    ],
    "an empty command": [{ web: app({ command: [], reads: [] }) }, /^apps.web.command: /],
    "a port out of range": [
      { web: app({ command, port: 70_000, reads: [] }) },
      /^apps.web.port: app "web": the port must be an integer from 1 to 65535/,
    ],
    "a health path that is no path": [
      { web: app({ command, port: 80, health: "health", reads: [] }) },
      /^apps.web.health: .* start with \//,
    ],
    "a health path without a port": [
      { web: app({ command, health: "/health", reads: [] }) },
      /^apps.web.port: app "web": a health path requires a port/,
    ],
    "groups that are none": [{ web: { command, reads: ["queue"] } }, /^apps.web.reads: app "web": `reads` must be an array of groups/],
    "a group instead of a list": [{ web: { command, reads: queue } }, /^apps.web.reads: app "web": `reads` must be an array of groups/],
    "a variable that belongs to a setting": [
      { web: app({ command, reads: [], env: { QUEUE_URL: "redis://mine" } }) },
      /^apps.web.env.QUEUE_URL: app "web": QUEUE_URL belongs to a setting of "queue"/,
    ],
    "a variable that shells do not take": [{ web: app({ command, reads: [], env: { "log-level": "x" } }) }, /^apps.web.env.log-level: /],
    "a variable of endow's own": [
      { web: app({ command, reads: [], env: { ENDOW_ENVIRONMENT: "x" } }) },
      /^apps.web.env.ENDOW_ENVIRONMENT: app "web": ENDOW_ENVIRONMENT is set by endow itself/,
    ],
    "its port twice": [
      { web: app({ command, port: 80, reads: [], env: { PORT: "81" } }) },
      /^apps.web.env.PORT: app "web": PORT is already set from `port`/,
    ],
  };
  for (const [what, [apps, reason]] of Object.entries(invalid))
    it(`is rejected with ${what}`, async () => {
      const [first = "", ...rest] = reasons(await refused(() => project(apps), config));
      assert.match(first, reason);
      assert.match(first, /\(APP_INVALID\); fix: ./);
      assert.deepEqual(rest, []);
    });

  it("is rejected when it reads a group that the project lacks", async () => {
    const told = reasons(await refused(() => project({ web: app({ command, reads: [mail] }) }, [queue]), {}));
    assert.match(told.join("\n"), /^web: consumer "web" reads group "mail", which is not part of the plan \(GROUP_UNKNOWN\)/);
  });

  it("is rejected when two of its groups share a variable, unless no app reads both", async () => {
    const other = settings("other", { queueUrl: redisUrl() });
    const both = () => project({ web: app({ command, reads: [queue, other] }) }, [queue, other]);
    assert.match(
      reasons(await refused(both)).join("\n"),
      /^QUEUE_URL: consumer "web" would get QUEUE_URL from queue.queueUrl and from other.queueUrl \(VARIABLE_CLASH\)/,
    );
    const apart = () => project({ a: app({ command, reads: [queue] }), b: app({ command, reads: [other] }) }, [queue, other]);
    await deployed(apart);
  });
});
