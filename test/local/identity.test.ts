import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { settings } from "../../lib";
import { type Home, makeHome } from "../support/home";
import { keeping } from "../support/kept";

for (const [kind, { declare, keep, kept }] of Object.entries(keeping))
  describe(`what a ${kind} setting has got on this machine`, () => {
    let home: Home;
    beforeEach(async () => (home = await makeHome("identity-test")));
    afterEach(() => home.clean());

    it("is given to no other setting, also when the code has forgotten that it was renamed", async () => {
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

    it("is found by its name in use when the record is lost or damaged, and is never replaced by empty data", async () => {
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
        assert.match(notes[0] ?? "", /environment\.json was (missing|damaged): it was rebuilt/);
      }
    });

    it("goes on under its own id when a former id has data as well, as when branches take turns", async () => {
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
      assert.match(again.notes.join(), /^shared\.sales has data of its own, and keeps it: the data of "shared\.orders" stays where it is$/);
      assert.deepEqual((await home.bring(after)).notes, []);
      assert.deepEqual(await kept((await home.bring(before)).values, "ORDERS"), ["another order"]);
    });
  });
