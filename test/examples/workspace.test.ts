import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, realpath, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { makeSandbox, repository, type Sandbox } from "./endow-dev";

/** The example as `pnpm install` leaves it: each package's dependencies are links in its node_modules. */
const install = async (): Promise<string> => {
  const folder = path.join(await realpath(await mkdtemp(path.join(tmpdir(), "endow-workspace-"))), "orders");
  await cp(path.join(repository, "examples/workspace"), folder, { recursive: true });
  const link = async (owner: string, name: string, target: string) => {
    const place = path.join(folder, owner, "node_modules", name);
    await mkdir(path.dirname(place), { recursive: true });
    await symlink(target, place);
  };
  for (const name of ["endow", "zod"]) await link("packages/settings", name, path.join(repository, "node_modules", name));
  for (const app of ["apps/web", "apps/worker"]) {
    await link(app, "@orders/settings", path.join(folder, "packages/settings"));
    for (const name of ["endow", "pg", "tsx"]) await link(app, name, path.join(repository, "node_modules", name));
  }
  return folder;
};

describe("examples/workspace", () => {
  let folder: string;
  let sandbox: Sandbox;
  const at = (place: string) => ["--cwd", path.join(folder, place)];
  before(async () => {
    folder = await install();
    sandbox = await makeSandbox(folder);
    Object.assign(sandbox.env, { PORT: "0", SHIPPING_CENTS: undefined });
  });
  after(async () => {
    await sandbox.clean();
    await rm(path.dirname(folder), { recursive: true, force: true });
  });

  it("ships in one app what was ordered in the other", async () => {
    const { line, stop } = await sandbox.start(/listens on (http:\S+)/, "dev", ...at("apps/web"), "--", "tsx", "server.ts");
    const url = line[1] ?? "";
    for (const id of [1, 2]) assert.deepEqual(await (await fetch(url, { method: "POST" })).json(), [{ id }]);
    const { stdout, stderr, code } = await sandbox.endow("run", ...at("apps/worker"), "--", "tsx", "ship.ts");
    assert.deepEqual([code, stdout], [0, "shipped 2 for 490 cents each\n"], stderr);
    assert.deepEqual(
      await (await fetch(url)).json(),
      [1, 2].map((id) => ({ id, shipped_for: 490 })),
    );
    assert.equal((await stop()).code, 0);
  });

  it("has one environment for all packages", async () => {
    const seen = await Promise.all(
      ["", "apps/web", "apps/worker", "packages/settings/src"].map((place) => sandbox.endow("status", ...at(place), "--json")),
    );
    const [first, ...others] = seen.map(
      ({ stdout }) => JSON.parse(stdout) as { project: string; servers: { name: string; state: string }[] },
    );
    assert.equal(first?.project, "orders");
    assert.deepEqual(
      first?.servers.map(({ name, state }) => [name, state]),
      [["postgres", "running"]],
    );
    for (const other of others) assert.deepEqual(other, first);
  });
});
