import assert from "node:assert/strict";
import { inspect } from "node:util";
import fc from "fast-check";
import { z } from "zod";
import { postgresUrl, redisUrl, secret, settings } from "../lib/index";
import { plan } from "../lib/plan";
import { localFacts } from "../lib/local/facts";
import { builders } from "./support/each-kind";
import { errorOf } from "./support/errors";
import { planned } from "./plan/shop";

describe("the plan's environment", () => {
  it("decides the profile, and never the target", () => {
    assert.deepEqual(
      ["production", "staging", "dev", "pr-42"]
        .map((environment) => planned({ environment }))
        .map(({ environment, target, profile }) => [environment.type, target, profile.protected]),
      [
        ["production", "undecided", true],
        ["test", "undecided", true],
        ["development", "undecided", false],
        ["preview", "undecided", false],
      ],
    );
    for (const environment of ["production", "dev"]) assert.equal(planned({ environment, target: localFacts }).target, "local");
  });

  it("has the type that its name implies or that is given, and is part of every entry", () => {
    assert.equal(errorOf(() => planned({ environment: "live" })).code, "ENVIRONMENT_UNKNOWN");
    assert.equal(planned({ environment: { name: "live", type: "production" } }).variables[0]?.entry, "shop/live/shared");
  });
});

describe("any plan", () => {
  const kind = fc.constantFrom(
    ...Object.values(builders),
    () => redisUrl({ version: "8" }),
    () => secret().optional(),
    () => secret({ requiredIn: ["production"] }),
    () => z.number(),
    () => z.string().default("x"),
  );
  const shape = fc
    .dictionary(fc.stringMatching(/^[a-z]{2,8}$/), kind, { minKeys: 1, maxKeys: 8 })
    .filter(
      (given) =>
        ![
          "path",
          "home",
          "user",
          "shell",
          "term",
          "lang",
          "temp",
          "tmpdir",
          "environment",
          "secret",
          "key",
          "token",
          "dsn",
          "ci",
          "tz",
          "pwd",
          "tmp",
        ].some((name) => name in given),
    );
  const request = fc
    .tuple(fc.array(shape, { minLength: 1, maxLength: 4 }), fc.constantFrom("production", "dev", "pr-1"), fc.array(fc.nat(3)))
    .map(([shapes, environment]) => {
      const groups = shapes.map((given, index) =>
        settings(`group${index}`, Object.fromEntries(Object.entries(given).map(([name, build]) => [`${name}${index}`, build()]))),
      );
      return { project: "shop", groups, environment };
    });
  const secretText = fc.string({ unit: fc.constantFrom("Ж", "Ф", "Щ", "Ю"), minLength: 6, maxLength: 12 });

  it("is the same for the same request, and plain JSON", () => {
    fc.assert(
      fc.property(request, (given) => {
        const first = plan(given);
        assert.deepEqual(plan(given), first);
        assert.deepEqual(JSON.parse(JSON.stringify(first)), first);
      }),
    );
  });

  it("contains no supplied value", () => {
    fc.assert(
      fc.property(request, secretText, (given, text) => {
        const names = given.groups.flatMap(({ definitions }) => definitions.flatMap(({ variables }) => variables.map(({ name }) => name)));
        const result = plan({ ...given, supplied: Object.fromEntries(names.map((name) => [name, text])) });
        assert.ok(!inspect(result, { depth: null }).includes(text));
      }),
    );
  });

  it("does not depend on the order of groups that share nothing", () => {
    fc.assert(
      fc.property(request, (given) => {
        const there = plan(given);
        const back = plan({ ...given, groups: given.groups.toReversed() });
        const byText = (list: readonly unknown[]) => list.map((item) => JSON.stringify(item)).toSorted();
        assert.deepEqual(byText(back.variables), byText(there.variables));
        assert.deepEqual(byText(back.resources), byText(there.resources));
        assert.deepEqual(byText(back.missing), byText(there.missing));
        assert.deepEqual(back.grants[0]?.entries.toSorted(), there.grants[0]?.entries.toSorted());
      }),
    );
  });

  it("lists every variable once, and no entry twice", () => {
    fc.assert(
      fc.property(request, (given) => {
        const { variables } = plan(given);
        assert.equal(new Set(variables.map(({ name }) => name)).size, variables.length);
        const writers = new Map(variables.flatMap(({ entry, writer }) => (entry ? [[entry, writer] as const] : [])));
        for (const { entry, writer } of variables) if (entry) assert.equal(writers.get(entry), writer);
      }),
    );
  });

  it("handles ten thousand settings", () => {
    const groups = Array.from({ length: 100 }, (_group, g) =>
      settings(
        `g${g}`,
        Object.fromEntries(
          Array.from({ length: 100 }, (_setting, s) => [`url${g}x${s}`, s % 2 === 0 ? postgresUrl() : z.number().default(1)]),
        ),
      ),
    );
    const { variables, resources, problems } = plan({ project: "shop", groups, environment: "production" });
    assert.deepEqual([variables.length, resources.length, problems.length], [10_000, 5_000, 0]);
  });
});
