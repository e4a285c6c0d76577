import assert from "node:assert/strict";
import { postgresUrl, settings } from "../../lib";
import { lease } from "../../lib/pulumi/provider/handlers/lease";
import { type Home, makeHome, queryUrl } from "../support/home";
import { keeping } from "../support/kept";
import { created, makeStack } from "../support/local-stack";
import { takeConnections } from "../support/postgres-server";

const COUNT = 120;

describe("a PostgreSQL server on this machine with many settings", () => {
  let home: Home;
  beforeEach(async () => (home = await makeHome("many-test")));
  afterEach(() => home.clean());

  const names = Array.from({ length: COUNT }, (_, index) => `setting${index}`);
  const bring = (...more: string[]) =>
    home.bring(settings("shared", Object.fromEntries([...names, ...more].map((name) => [name, postgresUrl()]))));

  it("gives each its own database, reuses them, and still lets the administrator connect when apps use every connection", async () => {
    const first = await bring();
    assert.deepEqual(
      first.failed.map(({ error }) => error.message),
      [],
    );
    assert.equal(new Set(Object.values(first.values).map((url) => new URL(url).pathname)).size, COUNT);
    for (const name of ["SETTING0", `SETTING${COUNT - 1}`]) await keeping.postgres.keep(first.values, name, name);
    const second = await bring();
    assert.deepEqual([second.changed, second.failed, second.values], [false, [], first.values]);

    const free = await takeConnections(first.values["SETTING0"] ?? "");
    try {
      await assert.rejects(queryUrl(first.values["SETTING1"], "select 1"), { code: "53300" });
      const third = await bring("late");
      assert.deepEqual(
        third.failed.map(({ error }) => error.message),
        [],
      );
      await free(1);
      assert.deepEqual(await queryUrl(third.values["LATE"], "select 1 as one"), [{ one: 1 }]);
    } finally {
      await free();
    }
    assert.deepEqual(await keeping.postgres.kept(first.values, "SETTING0"), ["SETTING0"]);
  });
});

describe("a stack with many settings", () => {
  it("creates them concurrently in one process", async () => {
    const stack = await makeStack("many");
    try {
      const states = await Promise.all(
        Array.from({ length: COUNT }, (_, index) =>
          created(
            lease,
            {
              environment: stack.environment,
              server: { name: "postgres", kind: "postgres", version: "17" },
              setting: `shared.setting${index}`,
              name: `shared_setting${index}`,
              options: { version: "17" },
            },
            stack.context,
          ),
        ),
      );
      assert.equal(new Set(states.map(({ outputs }) => outputs.login)).size, COUNT);
    } finally {
      await stack.clean();
    }
  });
});
