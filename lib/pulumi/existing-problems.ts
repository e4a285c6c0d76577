import { acceptedVariables, type Definition } from "../definition";
import type { Problem } from "../errors";
import type { Group } from "../settings";
import { isExisting } from "./existing";
import { isExistingServer } from "./on-server";
import { serverFaults } from "./on-server-faults";
import { missingFields } from "./resource-fields";
import type { Configured } from "./supplied";

/** What is wrong with what is said to be there already for a setting. */
export const existingProblems = (id: string, value: unknown, groups: readonly Group[], { planned }: Configured): readonly Problem[] => {
  const definition = groups.flatMap(({ definitions }) => definitions).find((one) => one.id === id);
  // The plan tells of one that no setting has.
  if (!definition?.kind.server) return [];
  const problem = (code: string, message: string, fix: string): Problem => ({ code, path: `resources.${id}`, message, fix });
  const supplied = acceptedVariables(definition).find(({ name }) => name in planned);
  return [
    ...fieldProblems(definition, value, problem),
    ...(supplied && isKnown(value)
      ? [
          problem(
            "EXISTING_SUPPLIED",
            `"${id}" is said to exist${isExistingServer(value) ? " on a server" : ""}, and ${supplied.name} is in the stack's configuration as well`,
            `take one out: pulumi config rm ${supplied.name}`,
          ),
        ]
      : []),
  ];
};

type Say = (code: string, message: string, fix: string) => Problem;

const isKnown = (value: unknown): boolean => isExisting(value) || isExistingServer(value);

const fieldProblems = ({ id, kind }: Definition, value: unknown, problem: Say): readonly Problem[] => {
  if (isExistingServer(value))
    return serverFaults(value.server).map(([what, fix]) => problem("EXISTING_FIELD", `existingServer() of "${id}" ${what}`, fix));
  if (!isExisting(value))
    return [
      problem(
        "EXISTING_INVALID",
        `"${id}" is given something else than existing({ ... }) or existingServer({ ... })`,
        "wrap the fields in existing()",
      ),
    ];
  const known = Object.keys(kind.fields ?? {});
  const missing = missingFields(kind, value.fields);
  return [
    ...Object.keys(value.fields)
      .filter((field) => !known.includes(field))
      .map((field) => problem("EXISTING_FIELD", `existing() of "${id}" has no field "${field}"`, `its fields are ${known.join(", ")}`)),
    ...(missing.length === 0
      ? []
      : [problem("EXISTING_FIELD", `existing() of "${id}" lacks ${missing.join(", ")}`, "give each as a value or as an output")]),
  ];
};
