import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { codeOf, EndowError } from "../../lib/errors";
import type { ProvisionedKind } from "../../lib/kinds/provisioned";
import { type Edit, edit, EMPTY, groupsOf, planOf, sensible, variablesOf } from "./declarations";
import type { Home } from "./home";
import { identityModel } from "./identity-model";
import type { Failure } from "./imagined-machine";
import { type Damage, damage, damageState, mainStateFile } from "./state-damage";

/** Edits of the declaration, and a run after them. */
interface Step {
  readonly edits: readonly Edit[];
  readonly damage: Damage | undefined;
  /** Whether settings may leave their data behind. */
  readonly meant: boolean;
  readonly failing: { readonly kind: ProvisionedKind; readonly failure: Failure } | undefined;
}

export const walkOf = ({ steps, failing }: { readonly steps: number; readonly failing: boolean }): fc.Arbitrary<readonly Step[]> =>
  fc.array(
    fc.record({
      edits: fc.array(edit, { minLength: 1, maxLength: 3 }),
      damage,
      meant: fc.boolean(),
      failing: failing
        ? fc.option(
            fc.record({ kind: fc.constantFrom("postgres", "redis", "bucket"), failure: fc.constantFrom<Failure>("program", "lease") }),
            { nil: undefined, freq: 4 },
          )
        : fc.constant(undefined),
    }),
    { minLength: Math.floor(steps / 2), maxLength: steps },
  );

/** What a walk goes over: an environment, and how an app keeps texts by its values. */
export interface World {
  readonly home: Pick<Home, "project" | "folder" | "bring">;
  readonly fail: (kind: ProvisionedKind, failure: Failure | undefined) => void;
  readonly keep: (kind: ProvisionedKind, values: Values, variable: string, text: string) => Promise<unknown>;
  readonly kept: (kind: ProvisionedKind, values: Values, variable: string) => Promise<readonly string[]>;
}

type Values = Readonly<Record<string, string>>;

/** What an app has of a setting. */
export interface Access {
  readonly kind: ProvisionedKind;
  readonly variable: string;
  readonly values: Values;
}

/** Goes through steps, and asserts after each that every setting has exactly what was kept under its identity. */
export const walk = async (steps: readonly Step[], world: World): Promise<void> => {
  const model = identityModel<Access>();
  let older: string | undefined;
  let declaration = EMPTY;
  let count = 0;
  for (const { edits, damage, meant, failing } of steps) {
    declaration = edits.reduce((before, change) => sensible(world.home.project, before, change), declaration);
    damageState(world.home.folder, damage, older);
    const groups = groupsOf(declaration);
    const planned = planOf(world.home.project, declaration);
    const moves = meant ? planned.resources.map(({ id }) => id) : [];
    const unavailable = new Set(failing?.failure === "program" ? [failing.kind] : []);
    const { moved, taken, leases } = model.bring(planned, { moves, unavailable });
    if (failing) world.fail(failing.kind, failing.failure);
    const running = world.home.bring(groups, { moves });
    if (moved.length > 0) await assertMoved(running, moved);
    else {
      const { values, failed } = await running;
      const unusable = new Set([...taken, ...planned.servers.filter(({ kind }) => kind === failing?.kind).map(({ name }) => name)]);
      assert.deepEqual(new Set(failed.map(({ name }) => name)), unusable);
      const usable = new Set(planned.resources.filter(({ server }) => !unusable.has(server)).map(({ id }) => id));
      for (const [id, { texts, remember }] of leases) {
        if (!usable.has(id)) continue;
        const { variable, kind } = variablesOf(declaration).get(id) ?? assert.fail(id);
        assert.deepEqual(await world.kept(kind, values, variable), texts.toSorted(), `what ${id} has`);
        const text = `text-${(count += 1)}`;
        await world.keep(kind, values, variable, text);
        texts.push(text);
        remember({ kind, variable, values });
      }
      if (unusable.size === 0) {
        for (const { kind, variable, values } of model.shutOut())
          await assert.rejects(world.kept(kind, values, variable), "it is shut out");
        const again = await world.home.bring(groups, { moves });
        assert.deepEqual([again.changed, again.notes, again.values], [false, [], values]);
      }
    }
    if (failing) world.fail(failing.kind, undefined);
    if (existsSync(mainStateFile(world.home.folder))) older ??= readFileSync(mainStateFile(world.home.folder), "utf8");
  }
};

const assertMoved = async (running: Promise<unknown>, moved: readonly string[]): Promise<void> => {
  const error = await running.then(
    () => assert.fail(`nothing was refused, although ${moved.join(", ")} moved`),
    (error: unknown) => error,
  );
  if (codeOf(error) !== "SERVER_MOVED" || !(error instanceof EndowError)) throw error;
  assert.deepEqual(
    error.problems.map((problem) => problem.path),
    moved,
  );
};
