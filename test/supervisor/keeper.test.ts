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

  it("restarts regardless of changes to the system clock", async () => {
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

  it("does not restart a service that is being stopped", async () => {
    mkdirSync(path.join(home.folder, "logs"));
    const keep = async (name: string) => {
      const changes: string[] = [];
      const made = new Keeper(home.service(name, "exit 1"), path.join(home.folder, "logs", `${name}.log`), () =>
        changes.push(made.state.status),
      );
      await made.start();
      await eventually("it died", () => changes.includes("restarting"));
      return { made, changes };
    };
    const { made, changes } = await keep("bad");
    keeper = made;
    await keeper.stop();
    const { length } = changes;
    const other = await keep("worse");
    await eventually("another one, which died later, has been restarted", () => other.changes.includes("running"));
    await other.made.stop();
    assert.deepEqual([keeper.state.status, changes.length], ["stopped", length]);
  });
});
