import type { z } from "zod";
import type { Problem } from "./errors";
import { carried, type Definition } from "./definition";
import { isReserved, settingName, soundsSecret, variableName } from "./names";
import { definitionOf, isSchema, layers, partsOf } from "./schema";
import { metadataOf } from "./setting";
import { readingOf, shown } from "./text";

/** Everything that is wrong with one entry of a shape taken by itself, before it can be defined. */
export const entryProblems = (group: string, name: string, value: unknown): readonly Problem[] => {
  const path = `${group}.${name}`;
  const problem = (message: string, fix: string): Problem => ({ code: "SETTING_DECLARATION", path, message: `${path} ${message}`, fix });
  const problems: Problem[] = [];
  if (!settingName.test(name))
    problems.push(problem("is not a name in camelCase or snake_case", `rename it, for example to "databaseUrl"`));
  if (!isSchema(value)) {
    const old = typeof value === "object" && value !== null && "_def" in value;
    return [
      ...problems,
      problem(
        old ? "is a schema of zod 3" : "is not a zod schema",
        old ? 'import { z } from "zod" version 4' : "give a kind, such as postgresUrl(), or a zod schema",
      ),
    ];
  }
  return [
    ...problems,
    ...carried(value).complaints.map((complaint) => problem(`has an option that is not allowed: ${complaint}`, "correct the option")),
    ...schemaProblems(value, problem),
  ];
};

type Describe = (message: string, fix: string) => Problem;

const schemaProblems = (schema: z.ZodType, problem: Describe): readonly Problem[] => {
  const { kind } = carried(schema);
  const all = layers(schema);
  const lost = all.map((layer) => definitionOf(layer).type).find((type) => ["default", "prefault", "catch"].includes(type));
  if (kind.secret && lost)
    return [
      problem(`has a ${lost}: a ${kind.name} has no value that could stand in the code`, "make it .optional(), or say requiredIn"),
    ];
  if (!kind.bare) return [];
  if (holdsSetting(schema))
    return [
      problem(
        "holds a kind inside another schema, where it would get no value",
        "make it a setting of its own, wrapped in .optional(), .nullable() or .readonly() at the most",
      ),
    ];
  const reading = readingOf(schema);
  return "refusal" in reading
    ? [problem(`cannot be read from an environment variable: ${reading.refusal}`, "change the schema as said")]
    : [];
};

/** Problems that only show between the settings of a group. */
export const groupProblems = (definitions: readonly Definition[]): readonly Problem[] => {
  const byName = new Map(definitions.map((definition) => [definition.name, definition]));
  return [
    ...definitions.flatMap((definition) => [
      ...nameProblems(definition),
      ...fallbackProblems(definition, byName),
      ...conditionProblems(definition, byName),
    ]),
    ...collisions(definitions),
    ...idProblems(definitions),
  ];
};

const problemOf =
  ({ group, name }: Definition): Describe =>
  (message, fix) => ({ code: "SETTING_DECLARATION", path: `${group}.${name}`, message: `${group}.${name} ${message}`, fix });

const nameProblems = (definition: Definition): readonly Problem[] => {
  const problem = problemOf(definition);
  const names = [definition.variables, ...definition.aliases].flat().map(({ name }) => name);
  const problems = names.flatMap((name) => {
    if (!variableName.test(name))
      return [problem(`uses the variable name "${name}", which is not made of A-Z, 0-9 and _`, "write it in SCREAMING_SNAKE_CASE")];
    return isReserved(name)
      ? [
          problem(
            `would occupy ${name}, which belongs to the system or to endow`,
            'choose another variable: setting(schema, { env: "APP_..." }), or rename it',
          ),
        ]
      : [];
  });
  const { public: shown = false } = definition.options as { public?: boolean };
  const suspicious = definition.kind.bare && !shown && !isClosed(definition.schema) && [definition.name, ...names].some(soundsSecret);
  return suspicious
    ? [
        ...problems,
        problem(
          "is a plain setting with the name of a secret",
          "write secret(schema), or setting(schema, { public: true }) when anybody may see it",
        ),
      ]
    : problems;
};

/** Numbers, booleans and lists of words hold no secret: `maxTokens: z.number()` is what it says. */
const isClosed = (schema: z.ZodType): boolean => {
  const reading = readingOf(schema);
  return "closed" in reading && reading.closed;
};

const fallbackProblems = (definition: Definition, byName: ReadonlyMap<string, Definition>): readonly Problem[] => {
  const problem = problemOf(definition);
  const chain = [definition.name];
  for (let at = definition; at.fallback !== undefined;) {
    const next = byName.get(at.fallback);
    if (!next)
      return at === definition
        ? [problem(`falls back to "${at.fallback}", which is not a setting of this group`, `name one of ${[...byName.keys()].join(", ")}`)]
        : [];
    if (next.kind.name !== at.kind.name)
      return at === definition
        ? [
            problem(
              `is a ${at.kind.name} and cannot fall back to "${next.name}", a ${next.kind.name}`,
              "fall back to a setting of the same kind",
            ),
          ]
        : [];
    if (chain.includes(next.name))
      return next === definition ? [problem(`falls back to itself: ${[...chain, next.name].join(" -> ")}`, "break the circle")] : [];
    chain.push(next.name);
    at = next;
  }
  return [];
};

const conditionProblems = (definition: Definition, byName: ReadonlyMap<string, Definition>): readonly Problem[] =>
  Object.entries(definition.requiredWhen ?? {}).flatMap(([name, values]) => {
    const problem = problemOf(definition);
    const condition = byName.get(name);
    if (!condition)
      return [
        problem(
          `is required when "${name}" has a value, which is not a setting of this group`,
          `name one of ${[...byName.keys()].join(", ")}`,
        ),
      ];
    if (!condition.kind.bare)
      return [
        problem(
          `is required by the value of "${name}", a ${condition.kind.name}`,
          "let a plain setting decide: the plan has to know its value",
        ),
      ];
    const reading = readingOf(condition.schema);
    const never = "decode" in reading && reading.closed ? values.filter((value) => reading.decode(String(value)) === undefined) : [];
    return never.map((value) =>
      problem(
        `is required when "${name}" is ${shown(value)}, which it never is: it is ${"what" in reading ? reading.what : ""}`,
        "correct the value",
      ),
    );
  });

const collisions = (definitions: readonly Definition[]): readonly Problem[] => {
  const owners = new Map<string, Definition>();
  const problems: Problem[] = [];
  const claim = (name: string, definition: Definition) => {
    const owner = owners.get(name);
    if (owner && owner !== definition)
      problems.push(
        problemOf(definition)(
          `uses the variable ${name}, as does ${owner.group}.${owner.name}`,
          'give one of them another name by { env: "..." }',
        ),
      );
    else owners.set(name, definition);
  };
  for (const definition of definitions) for (const { name } of definition.variables) claim(name, definition);
  // `NAME_FILE` is where the value of `NAME` may be kept, so no other setting can be called that.
  for (const definition of definitions) for (const { name } of definition.variables) claim(`${name}_FILE`, definition);
  for (const definition of definitions) {
    for (const { name } of definition.aliases.flat()) {
      const owner = owners.get(name);
      if (owner && owner !== definition)
        problems.push(
          problemOf(definition)(
            `has the alias ${name}, which is the variable of ${owner.group}.${owner.name}`,
            `write { fallback: "${owner.name}" } instead`,
          ),
        );
    }
  }
  return problems;
};

const idProblems = (definitions: readonly Definition[]): readonly Problem[] => {
  const owners = new Map<string, Definition>();
  return definitions.flatMap((definition) =>
    [definition.id, ...definition.formerly].flatMap((id) => {
      const owner = owners.get(id);
      owners.set(id, owner ?? definition);
      return owner && owner !== definition
        ? [
            problemOf(definition)(
              `has the id "${id}", as has ${owner.group}.${owner.name}`,
              "an id names one setting's resources: choose another",
            ),
          ]
        : [];
    }),
  );
};

/** Whether a kind is somewhere inside a schema. Not asked of a kind itself. */
const holdsSetting = (schema: z.ZodType, seen = new Set<z.ZodType>()): boolean => {
  if (seen.has(schema)) return false;
  seen.add(schema);
  return partsOf(schema).some((part) => metadataOf(part) !== undefined || holdsSetting(part, seen));
};
