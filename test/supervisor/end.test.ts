import assert from "node:assert/strict";
import { readFileSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { statusOf, stopAll } from "../../lib/supervisor/client";
import { endGroup } from "../../lib/supervisor/end";
import { groupOf, type Identity, identify, isAlive } from "../../lib/supervisor/processes";
import type { Service } from "../../lib/supervisor/service";
import { eventually, type Home, kill, makeHome } from "../support/supervised";

describe("a service that works outside its own folder", () => {
  const shared = realpathSync(tmpdir());
  let home: Home;
  beforeEach(() => (home = makeHome()));
  afterEach(() => home.clean());

  /** A leader with a child that outlives it. */
  const service = (more: Partial<Service> = {}) => home.service("web", 'sleep 1000 & echo "$PWD"; wait', { directory: shared, ...more });
  const start = async (asked = service()): Promise<Identity> => {
    const { pid, log } = await (await home.supervise()).apply(asked);
    const leader = home.note(pid);
    await eventually("it has started its child", () => readFileSync(log, "utf8") !== "" && groupOf(leader).length === 2);
    for (const one of groupOf(leader)) home.note(one.pid);
    return leader;
  };
  const killSupervisor = async () => kill(home.note(await home.supervisorPid()));

  it("is started there, and stopped with its process group", async () => {
    const leader = await start();
    const { log = "" } = (await statusOf(home.folder)).services[0] ?? {};
    assert.equal(readFileSync(log, "utf8").trim(), shared);
    await (await home.supervise()).remove("web");
    assert.deepEqual(groupOf(leader), []);
  });

  it("is adopted after kill -9 of its supervisor", async () => {
    const leader = await start();
    await killSupervisor();
    assert.equal((await statusOf(home.folder)).services[0]?.status, "running");
    const { change, pid } = await (await home.supervise()).apply(service());
    assert.deepEqual([change, pid], ["adopted", leader.pid]);
  });

  it("has no group members left when it is restarted, however it ended", async () => {
    const first = await start();
    await kill(first);
    const second = await eventually("it runs again", async () => {
      const [state] = await (await home.supervise()).status();
      return state?.status === "running" && state.pid !== first.pid ? identify(state.pid ?? 0) : undefined;
    });
    home.note(second.pid);
    assert.deepEqual(groupOf(first), []);

    await killSupervisor();
    await kill(second);
    assert.notDeepEqual(groupOf(second), []);
    await start(service({ labels: { revision: "2" } }));
    assert.deepEqual(groupOf(second), []);
  });

  it("is stopped with its group when everything is stopped without a supervisor", async () => {
    const leader = await start();
    await killSupervisor();
    assert.deepEqual(await stopAll(home.folder), { stopped: ["web"] });
    assert.deepEqual([isAlive(leader), groupOf(leader)], [false, []]);
  });

  it("has a group without unrelated processes", async () => {
    const leader = await start();
    for (const other of [{ startTime: `${leader.startTime}1` }, { bootId: "another" }]) {
      assert.deepEqual(groupOf({ ...leader, ...other }), []);
      assert.equal(await endGroup({ ...leader, ...other }), 0);
    }
    assert.equal(groupOf(leader).length, 2);
  });

  it("is rejected if its directory is not an absolute path", async () => {
    const supervisor = await home.supervise();
    await assert.rejects(supervisor.apply(service({ directory: "here" })), { code: "SERVICE_INVALID", message: /directory/ });
    await assert.rejects(supervisor.apply(service({ directory: path.join(home.folder, "none") })), { code: "SERVICE_NOT_STARTED" });
  });
});
