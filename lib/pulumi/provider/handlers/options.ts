import { fault } from "../../../errors";
import { provisionedKinds } from "../../../kinds/provisioned";

/** The secret fields of a kind. */
export const secretFieldsOf = (kind: string): readonly string[] => {
  const fields = provisionedKinds.find(kind)?.fields ?? {};
  return Object.keys(fields).filter((field) => fields[field] === "secret");
};

/**
 * Parses a setting's options and fills in the defaults.
 *
 * @throws EndowError `OPTIONS_INVALID`, `KIND_UNKNOWN`
 */
export const optionsOf = (setting: string, kind: string, options: object): unknown => {
  const parsed = provisionedKinds.get(kind).options().safeParse(options);
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.map((issue) => `${["options", ...issue.path].join(".")}: ${issue.message}`);
  throw fault(
    "OPTIONS_INVALID",
    `invalid options for ${setting} (${kind}): ${places.join("; ")}`,
    "correct the options of the setting",
    "options",
  );
};

/** Whether a name has changed other than by a declared rename. */
export const isNew = (before: string, after: string, formerly: readonly string[]): boolean =>
  before !== after && !formerly.includes(before);
