import { metadataIn } from "../definition";
import type { Problem } from "../errors";
import { settingName } from "../names";
import { definitionOf, isSchema, unwrap, partsOf, usesZod3, type Schema } from "../schema";
import { metadataOf } from "../setting";
import { settingReading } from "../text";
import { declarationProblem, type Describe } from "./describe";
import { namingProblems } from "./naming";

/** Problems of a single entry of a shape. */
export const entryProblems = (group: string, name: string, value: unknown): readonly Problem[] => {
  const problem = declarationProblem({ group, name });
  const problems: Problem[] = [];
  if (!settingName.test(name))
    problems.push(problem("must have a name in camelCase or snake_case", `rename it, for example to "databaseUrl"`));
  if (usesZod3(value))
    return [
      ...problems,
      problem(`${isSchema(value) ? "contains" : "is"} a zod 3 schema`, 'import z from "zod/v4", or from "zod" where that is zod 4'),
    ];
  if (!isSchema(value)) return [...problems, problem("is not a zod schema", "use a kind, such as postgresUrl(), or a zod schema")];
  return [
    ...problems,
    ...metadataIn(value).issues.map((issue) => problem(`has an invalid option: ${issue}`, "correct the option")),
    ...namingProblems(metadataIn(value), problem),
    ...schemaProblems(value, problem),
  ];
};

const schemaProblems = (schema: Schema, problem: Describe): readonly Problem[] => {
  const { kind } = metadataIn(schema);
  const all = unwrap(schema);
  const lost = all.map((layer) => definitionOf(layer).type).find((type) => ["default", "prefault", "catch"].includes(type));
  if (kind.secret && lost)
    return [problem(`has a ${lost}: a ${kind.name} cannot have a value in code`, "make it .optional(), or set requiredIn")];
  if (!kind.plain) return [];
  if (pipesSetting(schema))
    return [
      problem("transforms a setting, which would lose its options", "transform the inner schema: setting(schema.transform(...), options)"),
    ];
  // Wrappers around `setting(...)` are allowed.
  if (holdsSetting(all.find((layer) => metadataOf(layer) !== undefined) ?? schema))
    return [
      problem(
        "contains a kind inside another schema, where it would not get a value",
        "make it a separate setting, wrapped at most in .optional(), .nullable() or .readonly()",
      ),
    ];
  const reading = settingReading({ schema, kind });
  return "refusal" in reading
    ? [problem(`cannot be read from an environment variable: ${reading.refusal}`, "change the schema accordingly")]
    : [];
};

/** Whether a plain setting is an end of a pipe, as made by `.transform()`, `.pipe()` and `z.preprocess()`. */
const pipesSetting = (schema: Schema): boolean =>
  unwrap(schema).some((layer) => {
    const { type, in: input, out } = definitionOf(layer);
    return type === "pipe" && [input, out].some((end) => end && (isBareSetting(end) || pipesSetting(end)));
  });

const isBareSetting = (schema: Schema): boolean => unwrap(schema).some((layer) => metadataOf(layer)?.kind.plain);

/** Whether a kind is nested anywhere inside a schema that is not a kind itself. */
const holdsSetting = (schema: Schema, seen = new Set<Schema>()): boolean => {
  if (seen.has(schema)) return false;
  seen.add(schema);
  return partsOf(schema).some((part) => metadataOf(part) !== undefined || holdsSetting(part, seen));
};
