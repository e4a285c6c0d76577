import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { bucket, redisUrl, settings } from "../../lib";
import { statusOf } from "../../lib/supervisor/client";
import { type Home, makeHome } from "../support/home";
import { keeping } from "../support/kept";

for (const [kind, { declare, keep, kept }] of Object.entries(keeping))
  describe(`the data of a ${kind} setting on this machine`, () => {
    let home: Home;
    beforeEach(async () => (home = await makeHome("identity-test")));
    afterEach(() => home.clean());

    it("is given to no other setting, even if the code no longer declares that it was renamed", async () => {
      const first = await home.bring(settings("shared", { orders: declare({}) }));
      await keep(first.values, "ORDERS", "an order");
      await home.bring(settings("shared", { sales: declare({ formerly: ["shared.orders"] }) }));
      await home.bring(settings("shared", { sales: declare({}) }));

      const both = await home.bring(settings("shared", { sales: declare({}), orders: declare({}) }));
      assert.deepEqual(both.failed, []);
      assert.deepEqual(await kept(both.values, "SALES"), ["an order"]);
      assert.deepEqual(await kept(both.values, "ORDERS"), []);
      await keep(both.values, "ORDERS", "another order");
      const again = await home.bring(settings("shared", { orders: declare({}), sales: declare({}) }));
      assert.deepEqual([again.changed, again.values, again.notes], [false, both.values, []]);

      const alone = await home.bring(settings("shared", { sales: declare({}) }));
      assert.deepEqual(await kept(alone.values, "SALES"), ["an order"]);
      const back = await home.bring(settings("shared", { orders: declare({}) }));
      assert.deepEqual(await kept(back.values, "ORDERS"), ["another order"]);
    });

    it("is found by its current name if the state is lost or damaged, and is never replaced by empty data", async () => {
      const first = await home.bring(settings("shared", { orders: declare({}) }));
      await keep(first.values, "ORDERS", "an order");
      const renamed = settings("shared", { sales: declare({ formerly: ["shared.orders"] }) });
      await home.bring(renamed);
      const file = path.join(home.folder, "environment.json");
      for (const damage of [() => rmSync(file), () => writeFileSync(file, "null")]) {
        damage();
        const { values, notes, changed } = await home.bring(settings("shared", { sales: declare({}) }));
        assert.deepEqual(await kept(values, "SALES"), ["an order"]);
        assert.deepEqual([notes.length, changed], [1, false]);
        assert.match(notes[0] ?? "", /environment\.json was (missing|damaged) and has been rebuilt/);
      }
    });

    it("stays under its own id if a former id has data as well, as when switching branches", async () => {
      const [before, after] = [
        settings("shared", { orders: declare({}) }),
        settings("shared", { sales: declare({ formerly: ["shared.orders"] }) }),
      ];
      const first = await home.bring(before);
      await keep(first.values, "ORDERS", "an order");
      const renamed = await home.bring(after);
      assert.deepEqual([await kept(renamed.values, "SALES"), renamed.notes], [["an order"], []]);

      const back = await home.bring(before);
      assert.deepEqual(await kept(back.values, "ORDERS"), []);
      assert.match(back.notes.join(), /^shared\.orders starts empty: .* is the data of "shared\.sales", .*formerly: \["shared\.sales"\]$/);
      await keep(back.values, "ORDERS", "another order");

      const again = await home.bring(after);
      assert.deepEqual(await kept(again.values, "SALES"), ["an order"]);
      assert.match(again.notes.join(), /^shared\.sales keeps its own data: the data of "shared\.orders" is left untouched$/);
      assert.deepEqual((await home.bring(after)).notes, []);
      assert.deepEqual(await kept((await home.bring(before)).values, "ORDERS"), ["another order"]);
    });

    it("is not left behind on another server unless the user confirms it, and is kept on a server with a new id", async () => {
      const on = (server?: string | { id: string; formerly: string[] }, formerly: string[] = []) =>
        settings("shared", { orders: declare({ formerly, ...(server !== undefined && { server }) }) });
      const first = await home.bring(on("main"));
      await keep(first.values, "ORDERS", "an order");
      const [service] = (await statusOf(home.folder)).services;
      await assert.rejects(home.bring(on("other")), (error: Error & { code: string; problems: readonly { path: string }[] }) => {
        assert.deepEqual([error.code, error.problems.map(({ path }) => path)], ["SERVER_MOVED", ["shared.orders"]]);
        assert.ok(error.message.includes('server: { id: "other", formerly: ["main"] }'), error.message);
        assert.ok(error.message.includes("`endow dev --move shared.orders`"), error.message);
        return true;
      });
      assert.deepEqual((await statusOf(home.folder)).services, [service]);

      const same = await home.bring(on({ id: "primary", formerly: ["main"] }));
      assert.deepEqual([await kept(same.values, "ORDERS"), same.notes], [["an order"], []]);
      const forgotten = await home.bring(on("primary"));
      assert.deepEqual([forgotten.values, forgotten.changed], [same.values, false]);

      const moved = await home.bring(on("main"), { moves: ["shared.orders"] });
      assert.deepEqual(await kept(moved.values, "ORDERS"), []);
      assert.match(moved.notes.join(), new RegExp(`^the data of shared\\.orders stays on ${kind}-primary; ${kind}-main starts empty\\. `));
      await keep(moved.values, "ORDERS", "another order");
      assert.deepEqual((await home.bring(on("main"))).notes, []);
      await assert.rejects(home.bring(on("primary")), { code: "SERVER_MOVED" });
      const back = await home.bring(on("primary"), { moves: ["shared.orders"] });
      assert.deepEqual(await kept(back.values, "ORDERS"), ["an order"]);
    });

    it("moves along from the kind's default server, by the id named in the error", async () => {
      const first = await home.bring(settings("shared", { orders: declare({}) }));
      await keep(first.values, "ORDERS", "an order");
      const refused = await home.bring(settings("shared", { orders: declare({ server: "other" }) })).then(
        () => assert.fail("it was not refused"),
        (error: Error) => error.message,
      );
      const [, id = "", former = ""] = /server: \{ id: "(\w+)", formerly: \["([\w-]+)"\] \}/.exec(refused) ?? [];
      const { values } = await home.bring(settings("shared", { orders: declare({ server: { id, formerly: [former] } }) }));
      assert.deepEqual(await kept(values, "ORDERS"), ["an order"]);
    });
  });

describe("a setting that becomes one of another kind", () => {
  let home: Home;
  beforeEach(async () => (home = await makeHome("identity-test")));
  afterEach(() => home.clean());

  it("is refused in words that fit, and starts empty where the user confirms it", async () => {
    await home.bring(settings("shared", { jobs: redisUrl() }));
    const other = settings("shared", { jobs: bucket() });
    await assert.rejects(home.bring(other), (error: Error & { code: string; problems: readonly { message: string; fix: string }[] }) => {
      assert.equal(error.code, "SERVER_MOVED");
      assert.deepEqual(
        error.problems.map(({ message, fix }) => [message, fix]),
        [
          [
            "shared.jobs has the data of a redis on the server redis-shared-jobs, but is now declared as a bucket: nothing was changed",
            'undo the change, or give the new setting an id of its own: { id: "shared.jobs2" }; to leave the data there, run `endow dev --move shared.jobs`',
          ],
        ],
      );
      return true;
    });
    assert.deepEqual((await home.bring(other, { moves: ["shared.jobs"] })).failed, []);
  });
});
