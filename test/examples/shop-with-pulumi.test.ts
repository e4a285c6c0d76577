import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { freePort } from "../../lib/local/ports";
import { engine } from "../support/engine";
import { root } from "../support/package";
import { type TestProject, withProject } from "../support/project";
import { filesOf, outputOf, takeDown, valuesOf } from "./example";

/** Its root, as far as Pulumi is concerned, and the shop where it lies. */
const repository = () => {
  const shop = Object.entries(filesOf("shop")).map(([name, text]) => [`examples/shop/${name}`, text]);
  return { "Pulumi.yaml": readFileSync(path.join(root, "Pulumi.yaml"), "utf8"), ...Object.fromEntries(shop) };
};

const post = (url: string, body: unknown) => fetch(url, { method: "POST", body: JSON.stringify(body) });

describe("examples/shop with Pulumi", function () {
  before(async function () {
    await engine(this);
  });

  it("runs on its servers after `pulumi up` in the repository's root or in its own folder, until it is destroyed", () =>
    withProject(repository(), async (project) => {
      const folder = path.join(project.app, "examples/shop");
      const secrets = ["DATABASE_URL", "UPLOADS_SECRET_ACCESS_KEY"];
      await project.pulumi(["config", "set", "port", String(await freePort())]);
      await project.pulumi(["up", "--yes", "--skip-preview"]);
      const url = await outputOf(project, "url");
      assert.deepEqual(await (await fetch(`${url}/health`)).json(), { database: true, cache: true, uploads: true, llm: "local" });
      const added = await (await post(`${url}/items`, { name: "a chair" })).json();
      assert.deepEqual(await (await fetch(`${url}/items`)).json(), [added]);
      const { put, get } = (await (await post(`${url}/uploads`, {})).json()) as { put: string; get: string };
      assert.equal((await fetch(put, { method: "PUT", body: "a photo" })).status, 200);
      assert.equal(await (await fetch(get)).text(), "a photo");

      const sameStack = ["--stack", "development", "--config-file", path.join(project.app, "Pulumi.development.yaml")];
      await project.pulumi(["preview", "--expect-no-changes", ...sameStack], { folder });
      const { DATABASE_URL = "", UPLOADS_SECRET_ACCESS_KEY = "" } = await valuesOf(project, secrets, folder);
      assert.match(await project.endow(["status"], { folder }), /app-web +running/);
      project.assertNoSecret([new URL(DATABASE_URL).password, UPLOADS_SECRET_ACCESS_KEY], project.output());

      await takeDown(project, folder);
      await assert.rejects(fetch(url));
    }));

  it("is refused in production, which has no target, before anything is made", () =>
    withProject(filesOf("shop"), async (project) => {
      await project.pulumi(["stack", "init", "production"]);
      await assert.rejects(
        project.pulumi(["up", "--yes", "--skip-preview"]),
        /"production" is a production environment, but only development environments run on this machine/,
      );
      assert.deepEqual(await resourcesOf(project), ["pulumi:pulumi:Stack"]);
    }));
});

/** The types of what is in the stack's state. */
const resourcesOf = async ({ pulumi }: TestProject): Promise<readonly string[]> => {
  const { deployment } = JSON.parse(await pulumi(["stack", "export"])) as {
    readonly deployment: { readonly resources?: readonly { readonly type: string }[] };
  };
  return (deployment.resources ?? []).map(({ type }) => type);
};
