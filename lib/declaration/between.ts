import { acceptedVariables, type Definition } from "../definition";
import type { Problem } from "../errors";
import { browserPrefix, isReserved, soundsSecret, variableName } from "../names";
import { settingReading, shown } from "../text";
import { collisions, idProblems } from "./collisions";
import { declarationProblem } from "./describe";
import { generatedProblems } from "./generated";

/** Problems between the settings of a group. */
export const groupProblems = (definitions: readonly Definition[]): readonly Problem[] => {
  const byName = new Map(definitions.map((definition) => [definition.name, definition]));
  return [
    ...definitions.flatMap((definition) => [
      ...nameProblems(definition),
      ...fallbackProblems(definition, byName),
      ...conditionProblems(definition, byName),
      ...generatedProblems(definition),
    ]),
    ...collisions(definitions),
    ...idProblems(definitions),
  ];
};

const nameProblems = (definition: Definition): readonly Problem[] => {
  const problem = declarationProblem(definition);
  const names = [acceptedVariables(definition), definition.derived].flat().map(({ name }) => name);
  const problems = names.flatMap((name) => {
    if (!variableName.test(name))
      return [
        problem(
          `uses the variable name "${name}", which must contain only letters, digits and _, and not start with a digit`,
          "rename it, for example to DATABASE_URL",
        ),
      ];
    return isReserved(name)
      ? [
          problem(
            `uses the variable ${name}, which is reserved for the system or endow`,
            'choose another variable: setting(schema, { env: "APP_..." }), or rename the setting',
          ),
        ]
      : [];
  });
  const inBrowser = [acceptedVariables(definition), definition.derived].flat().flatMap(({ name, secret }) => {
    const prefix = browserPrefix(name);
    return !secret || prefix === undefined
      ? []
      : [
          problem(
            `has the secret variable ${name}, but frameworks copy variables with the prefix ${prefix} into browser code`,
            "use a name without the prefix; only a plain setting can have it",
          ),
        ];
  });
  const { public: shown = false } = definition.kind.options as { public?: boolean };
  const suspicious = definition.kind.plain && !shown && !isClosed(definition) && [definition.name, ...names].some(soundsSecret);
  return [
    ...problems,
    ...inBrowser,
    ...(suspicious
      ? [
          problem(
            "is a plain setting whose name suggests a secret",
            "use secret(schema), or setting(schema, { public: true }) if the value is not confidential",
          ),
        ]
      : []),
  ];
};

/** Numbers, booleans and enums cannot hold a secret: `maxTokens: z.number()` is fine. */
const isClosed = (definition: Definition): boolean => {
  const reading = settingReading(definition);
  return "closed" in reading && reading.closed;
};

/** Maximum length of a fallback chain. Every query about a setting follows its fallbacks to the end. */
const LONGEST_CHAIN = 16;

const fallbackProblems = (definition: Definition, byName: ReadonlyMap<string, Definition>): readonly Problem[] => {
  const problem = declarationProblem(definition);
  const { fallback, kind } = definition;
  if (fallback === undefined) return [];
  const target = byName.get(fallback);
  if (!target)
    return [problem(`falls back to "${fallback}", which is not a setting of this group`, `name one of ${[...byName.keys()].join(", ")}`)];
  if (target.kind.name !== kind.name)
    return [
      problem(
        `is of kind ${kind.name} and cannot fall back to "${target.name}" of kind ${target.kind.name}`,
        "fall back to a setting of the same kind",
      ),
    ];
  const chain = [definition];
  for (let next: Definition | undefined = target; next?.kind.name === kind.name; next = byName.get(next.fallback ?? "")) {
    if (next === definition)
      return [problem(`falls back to itself: ${[...chain, next].map(({ name }) => name).join(" -> ")}`, "break the cycle")];
    if (chain.includes(next)) return [];
    if (chain.length > LONGEST_CHAIN)
      return [problem(`falls back through more than ${LONGEST_CHAIN} settings`, `fall back to "${chain.at(-1)?.name}" directly`)];
    chain.push(next);
  }
  return [];
};

const conditionProblems = (definition: Definition, byName: ReadonlyMap<string, Definition>): readonly Problem[] => {
  const problem = declarationProblem(definition);
  const conditions = Object.entries(definition.requiredWhen ?? {});
  if (definition.requiredWhen && conditions.length === 0)
    return [problem("has an empty requiredWhen, so it is never required", "name a plain setting and its value, or remove requiredWhen")];
  return conditions.flatMap(([name, values]) => {
    const condition = byName.get(name);
    if (!condition)
      return [
        problem(`is required depending on "${name}", which is not a setting of this group`, `name one of ${[...byName.keys()].join(", ")}`),
      ];
    if (values.length === 0) return [problem(`is required depending on "${name}", but lists no values`, "list at least one value")];
    if (!condition.kind.plain)
      return [
        problem(
          `is required depending on "${name}" of kind ${condition.kind.name}`,
          "use a plain setting as the condition: the plan must know its value",
        ),
      ];
    const reading = settingReading(condition);
    const never = "decode" in reading && reading.closed ? values.filter((value) => reading.decode(String(value)) === undefined) : [];
    return never.map((value) =>
      problem(
        `is required when "${name}" is ${shown(value)}, but its value is always ${"what" in reading ? reading.what : ""}`,
        "correct the value",
      ),
    );
  });
};
