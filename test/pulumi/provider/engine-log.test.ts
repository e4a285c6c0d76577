import assert from "node:assert/strict";
import { CustomResource, type CustomResourceOptions, type Input, type Output, secret } from "@pulumi/pulumi";
import { engine } from "../../support/engine";
import { withStack } from "../../support/stack";

class Resource extends CustomResource {
  declare readonly folder: Output<string>;
  declare readonly password: Output<string>;
  declare readonly running: Output<boolean>;

  constructor(type: string, name: string, inputs: Record<string, Input<unknown>>, options?: CustomResourceOptions) {
    super(`endow-local:index:${type}`, name, { ...inputs, folder: undefined, password: undefined, running: undefined }, options);
  }
}

const canary = "canary-4711";

describe("the provider under a real engine", () => {
  before(async function () {
    await engine(this);
  });

  it("creates, keeps, updates and deletes a server with a lease and its values, and keeps secrets encrypted", async () => {
    let app = "";
    const program = (forceDestroy: boolean) => async () => {
      const environment = { project: "shop", root: app, name: "development" };
      const redis = { name: "redis", kind: "redis" };
      const server = new Resource("Server", "redis", { environment, ...redis, forceDestroy });
      const lease = new Resource(
        "Lease",
        "cache",
        { environment, server: redis, setting: "shared.redisUrl", name: "shared_redis_url", options: {}, forceDestroy },
        { dependsOn: server },
      );
      const values = new Resource("Values", "shared", {
        environment,
        group: "shared",
        values: { TOKEN: secret(canary), PASSWORD: lease.password },
      });
      return { folder: server.folder, running: server.running, password: lease.password, values: values.id };
    };
    await withStack({ program: async () => undefined }, async (stack) => {
      app = stack.app;
      stack.use(program(false));
      assert.equal((await stack.preview())["create"], 4);
      const { changes } = await stack.up();
      assert.equal(changes["create"], 4);
      const outputs = await stack.outputs();
      assert.deepEqual([outputs["running"]?.value, outputs["running"]?.secret], [true, false]);
      assert.equal(outputs["password"]?.secret, true);
      const password = String(outputs["password"]?.value);
      assert.match(password, /^[A-Za-z0-9]{40}$/);
      await stack.expectNoChanges();

      stack.use(program(true));
      assert.equal((await stack.up()).changes["update"], 2);
      assert.equal((await stack.outputs())["password"]?.value, password);
      stack.assertNoSecret([canary, password], stack.output());
      assert.equal((await stack.destroy())["delete"], 4);
      stack.assertNoSecret([canary, password], stack.output());
    });
  });

  it("rejects inputs before anything is created, with their paths and without their values", async () => {
    await withStack({ program: async () => undefined }, async (stack) => {
      stack.use(async () => {
        const environment = { project: "shop", root: `shop-${canary}`, name: "development" };
        return void new Resource("Server", "redis", { environment, name: "redis", kind: "redis", colour: `red-${canary}` });
      });
      await assert.rejects(stack.preview());
      assert.match(stack.output(), /endow-local:index:Server resource 'redis' has a problem: environment\.root: must be an absolute path/);
      assert.match(stack.output(), /has a problem: colour: is not a valid property: allowed are environment, name, kind/);
      assert.ok(!stack.output().includes(canary));
    });
  });
});
