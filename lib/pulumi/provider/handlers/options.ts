import { fault } from "../../../errors";
import { provisionedKinds } from "../../../kinds/provisioned";

/** Fields of a kind that must not be shown. */
export const secretFieldsOf = (kind: string): readonly string[] => {
  const fields = provisionedKinds.find(kind)?.fields ?? {};
  return Object.keys(fields).filter((field) => fields[field] === "secret");
};

/**
 * A setting's options as its recipe takes them, with the defaults filled in.
 *
 * @throws EndowError `OPTIONS_INVALID`, `KIND_UNKNOWN`
 */
export const optionsOf = (setting: string, kind: string, options: object): unknown => {
  const parsed = provisionedKinds.get(kind).options().safeParse(options);
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.map((issue) => `${["options", ...issue.path].join(".")}: ${issue.message}`);
  throw fault(
    "OPTIONS_INVALID",
    `${setting} cannot be a ${kind} as it is: ${places.join("; ")}`,
    "correct the options of the setting",
    "options",
  );
};

/** Whether something has got a name that it did not have before under another one. */
export const isNew = (before: string, after: string, formerly: readonly string[]): boolean =>
  before !== after && !formerly.includes(before);
