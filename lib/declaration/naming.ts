import type { Problem } from "../errors";
import { ownValue, writtenEntries } from "../internal/own-value";
import type { Metadata } from "../setting";
import { encodings, fieldsOf } from "../template";
import type { Describe } from "./describe";

/** Problems of `variables`, `alias` and `derive`: fields that the kind does not have, and names that leave nothing to read. */
export const namingProblems = ({ kind, common }: Metadata, problem: Describe): readonly Problem[] => {
  // Most settings have only default names.
  if (!common.variables && common.alias === undefined && !common.derive) return [];
  const { variables = {}, alias = [], derive = {} } = common;
  const known = kind.variables.map(({ field }) => field);
  const use = `use ${known.join(", ")}`;
  const names = [variables, ...[alias].flat().filter((one) => typeof one === "object")];
  const unknown = names.flatMap((one) => writtenEntries(one).flatMap(([field]) => (known.includes(field) ? [] : [field])));
  const inTemplates = writtenEntries(derive).flatMap(([name, template]) => fieldsOf(template).map((field) => ({ name, ...field })));
  const named = kind.variables.filter(({ field, suffix }) => ownValue(variables, field) ?? suffix !== undefined);
  return [
    ...unknown.map((field) => problem(`names a variable for "${field}", which is not a field of ${kind.name}`, use)),
    ...(named.length === 0 ? [problem("has no variables: all of its names are false", "name at least one variable")] : []),
    ...inTemplates.flatMap(({ name, field, encoding }) => [
      ...(known.includes(field) ? [] : [problem(`derives ${name} from "${field}", which is not a field of ${kind.name}`, use)]),
      ...(encoding === undefined || Object.hasOwn(encodings, encoding)
        ? []
        : [problem(`derives ${name} with the unknown encoding "${encoding}"`, `use ${Object.keys(encodings).join(", ")}, or none`)]),
    ]),
    ...writtenEntries(derive)
      .filter(([, template]) => fieldsOf(template).length === 0)
      .map(([name]) =>
        problem(`derives ${name} without using a field`, `name a field in braces, such as {${known[0]}}; or declare a plain setting`),
      ),
  ];
};
