import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { Keeper } from "../../lib/supervisor/keeper";
import { eventually, type Home, kill, makeHome } from "../support/supervised";

describe("the keeper of a service", () => {
  let home: Home;
  let keeper: Keeper | undefined;
  const now = Date.now;
  beforeEach(() => (home = makeHome()));
  afterEach(async () => {
    Date.now = now;
    await keeper?.stop();
    await home.clean();
  });

  it("restarts whatever the clock says", async () => {
    mkdirSync(path.join(home.folder, "logs"));
    keeper = new Keeper(home.service("web"), path.join(home.folder, "logs", "web.log"), () => undefined);
    await keeper.start();
    for (const clock of [0, 4e12, -4e12]) {
      Date.now = () => clock;
      const { pid } = keeper.state;
      await kill(home.note(pid));
      await eventually("it runs again", () => keeper?.running === true && keeper.state.pid !== pid);
    }
    assert.equal(keeper.state.restarts, 3);
  });

  it("does not restart what is being stopped", async () => {
    mkdirSync(path.join(home.folder, "logs"));
    const changes: string[] = [];
    keeper = new Keeper(home.service("bad", "exit 1"), path.join(home.folder, "logs", "bad.log"), () =>
      changes.push(keeper?.state.status ?? ""),
    );
    await keeper.start();
    await eventually("it died", () => changes.includes("restarting"));
    await keeper.stop();
    const { length } = changes;
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.deepEqual([keeper.state.status, changes.length], ["stopped", length]);
  });
});
