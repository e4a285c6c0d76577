import assert from "node:assert/strict";
import { load, postgresUrl, settings, type Group } from "../../../lib/index";
import { plan } from "../../../lib/plan";
import { downFolder } from "../../../lib/local/down";
import { environmentFolder } from "../../../lib/local/folder";
import { up } from "../../../lib/local/up";
import { local, SettingsGroup } from "../../../lib/pulumi";
import { count, insert } from "../../conformance/database";
import { engine } from "../../support/engine";
import { queryUrl } from "../../support/home";
import { valuesIn } from "../../support/faults";
import { withEnvironment } from "../../support/with-environment";
import { withStack, type TestStack } from "../../support/stack";

const orders = settings("shared", { orders: postgresUrl() });
const renamed = settings("shared", { sales: postgresUrl({ formerly: ["shared.orders"] }) });
const sales = settings("shared", { sales: postgresUrl() });
const both = settings("shared", { sales: postgresUrl(), orders: postgresUrl() });

describe("a stack whose setting is renamed", () => {
  before(async function () {
    await engine(this);
  });

  const deploy = async (stack: TestStack, group: Group, replace: string[] = []) => {
    stack.use(async () => void new SettingsGroup("shared", { group, target: () => local({ root: stack.app }) }));
    const { changes } = await stack.up({ replace });
    return { changes, values: valuesIn(stack.environment["XDG_STATE_HOME"] ?? "") };
  };

  it("keeps the data with the setting, and gives none of it to the next setting of the former name", () =>
    withStack({ program: async () => undefined }, async (stack) => {
      const first = await deploy(stack, orders);
      await insert((await load(orders, { env: first.values })).orders);
      const { changes, values } = await deploy(stack, renamed);
      assert.deepEqual([changes.create, changes.delete, changes.replace], [undefined, undefined, undefined]);
      assert.equal(await count((await load(renamed, { env: values })).sales), 1);
      await deploy(stack, sales);
      const config = await load(both, { env: (await deploy(stack, both)).values });
      assert.equal(await count(config.sales), 1);
      assert.deepEqual(await queryUrl(config.orders.reveal(), "select to_regclass('kept') as found"), [{ found: null }]);
      await stack.expectNoChanges();
    }));

  it("is told how to go on when the machine has lost its record, and another setting has its name since", () =>
    withStack({ program: async () => undefined }, async (stack) => {
      await deploy(stack, orders);
      await deploy(stack, renamed);
      const restore = withEnvironment({ XDG_STATE_HOME: stack.environment["XDG_STATE_HOME"] });
      try {
        const folder = environmentFolder({ project: "shop", root: stack.app }, "development");
        await downFolder(folder, { removeData: true });
        const request = {
          plan: plan({ project: "shop", groups: [orders], environment: "development" }),
          groups: [orders],
          root: stack.app,
        };
        const dev = await up(request);
        await insert((await load(orders, { env: dev.values })).orders);

        await assert.rejects(deploy(stack, sales), /LEASE_ELSEWHERE/);
        assert.match(stack.output(), /shared_orders on postgres, .* now holds data of another setting than shared\.sales/);
        const urn = "urn:pulumi:development::shop::endow:index:SettingsGroup$endow-local:index:Lease::shared.sales";
        const { values } = await deploy(stack, sales, [urn]);
        assert.deepEqual(await queryUrl(values["SALES"], "select to_regclass('kept') as found"), [{ found: null }]);
        await stack.expectNoChanges();
        assert.equal(await count((await load(orders, { env: (await up(request)).values })).orders), 1);
      } finally {
        restore();
      }
    }));
});
