import assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import { app, Project } from "../../lib/pulumi/index";
import { shared } from "../plan/shop";
import { collectRejections, stopCollecting } from "../support/rejections";
import { seen } from "../support/outputs";
import { deployed, here, names } from "./harness";

const shop = () =>
  new Project("shop", { groups: [shared], target: here, apps: { web: app({ command: ["node"], port: 80, reads: [shared] }) } });

describe("a preview", () => {
  it("shows everything that a deploy would create, although no provider output is known", async () => {
    const previewed = await deployed(shop, { preview: true });
    assert.deepEqual(names(previewed.engine), names((await deployed(shop)).engine));
  });

  it("does not know values, but still keeps them secret", async () => {
    const { made } = await deployed(shop, { preview: true });
    const { databaseUrl } = made.group(shared).outputs;
    assert.deepEqual(await seen(databaseUrl.password), { value: undefined, isKnown: false, isSecret: true });
    assert.deepEqual(await seen(databaseUrl.port), { value: undefined, isKnown: false, isSecret: false });
    assert.equal((await seen(made.group(shared).env)).isKnown, false);
    assert.equal((await seen(made.apps.web.url)).isKnown, false);
    assert.deepEqual([made.environmentName, made.environmentType, made.target], ["development", "development", "local"]);
  });
});

describe("a program's unit test with mocks that only echo resource inputs", () => {
  for (const preview of [false, true])
    it(`sees every resource${preview ? " of a preview" : ""}, with unknown values`, async () => {
      const lost = collectRejections(() => Promise.resolve());
      const registered: string[] = [];
      const newResource = ({ type, name, inputs }: runtime.MockResourceArgs): runtime.MockResourceResult => {
        registered.push(`${type} ${name}`);
        return { id: name, state: inputs as Record<string, unknown> };
      };
      await runtime.setMocks({ newResource, call: ({ inputs }) => inputs as Record<string, unknown> }, "shop", "development", preview);
      const project = shop();
      await runtime.disconnect();
      await new Promise((resolve) => setImmediate(resolve));
      stopCollecting(lost);
      assert.deepEqual(lost, []);
      assert.ok(registered.includes("endow-local:index:Lease shared.databaseUrl"), registered.join("\n"));
      assert.equal((await seen(project.group(shared).env)).isKnown, false);
    });
});
