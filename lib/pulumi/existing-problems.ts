import type { Platform } from "../contract/platform";
import type { Target } from "../contract/target";
import { acceptedVariables, type Definition } from "../definition";
import type { Problem } from "../errors";
import { ownValue } from "../internal/own-value";
import type { Group } from "../settings";
import { isExisting } from "./existing";
import { isOnServer } from "./on-server";
import type { Configured } from "./supplied";

/** Problems with the existing resource or server that the program passes for a setting. */
export const existingProblems = (
  id: string,
  value: unknown,
  groups: readonly Group[],
  { planned }: Configured,
  target: Target<Platform>,
): readonly Problem[] => {
  const definition = groups.flatMap(({ definitions }) => definitions).find((one) => one.id === id);
  // The plan reports unknown ids.
  if (!definition?.kind.server) return [];
  const problem = (code: string, message: string, fix: string): Problem => ({ code, path: `existing.${id}`, message, fix });
  const supplied = acceptedVariables(definition).find(({ name }) => name in planned);
  return [
    ...(isOnServer(value) ? serverProblems(definition, value.reference, target, problem) : fieldProblems(definition, value, problem)),
    ...(supplied && (isExisting(value) || isOnServer(value))
      ? [
          problem(
            "EXISTING_SUPPLIED",
            `"${id}" is listed in \`existing\`, but ${supplied.name} is also set in the stack's configuration`,
            `remove one: pulumi config rm ${supplied.name}`,
          ),
        ]
      : []),
  ];
};

type Say = (code: string, message: string, fix: string) => Problem;

const serverProblems = ({ id, kind }: Definition, reference: unknown, target: Target<Platform>, problem: Say): readonly Problem[] => {
  const { facts, checkReference } = target;
  if (ownValue(facts.kinds, kind.name)?.findsServer === true)
    return (checkReference?.(reference) ?? []).map(([what, fix]) => problem("EXISTING_FIELD", `onServer() of "${id}" ${what}`, fix));
  const able = Object.entries(facts.kinds).flatMap(([name, { findsServer }]) => (findsServer ? [name] : []));
  return [
    problem(
      "EXISTING_SERVER_UNSUPPORTED",
      `"${id}" cannot use an existing server: the target ${facts.name} supports that for ${able.join(", ") || "no kind"}, not for ${kind.name}`,
      "pass the resource itself with existing({ ... }), or omit it to get a new server",
    ),
  ];
};

const fieldProblems = ({ id, kind }: Definition, value: unknown, problem: Say): readonly Problem[] => {
  if (!isExisting(value))
    return [problem("EXISTING_INVALID", `"${id}" must be existing({ ... }) or onServer({ ... })`, "wrap the fields in existing()")];
  const known = Object.keys(kind.fields ?? {});
  const missing = kind.missingFields(value.fields);
  return [
    ...Object.keys(value.fields)
      .filter((field) => !known.includes(field))
      .map((field) => problem("EXISTING_FIELD", `existing() of "${id}" has no field "${field}"`, `use one of ${known.join(", ")}`)),
    ...(missing.length === 0
      ? []
      : [problem("EXISTING_FIELD", `existing() of "${id}" lacks ${missing.join(", ")}`, "pass each as a value or an output")]),
  ];
};
