import type { Definition, NamedVariable } from "../definition";
import type { PlannedResource } from "./resources";

/** The origin of a value. */
export type ValueSource = "provisioned" | "generated" | "supplied" | "issued" | "default";

/** The writer of a variable's store entry: the deploy, the broker that creates the credential next to the server, or people. */
export type EntryWriter = "deploy" | "broker" | "people";

/** One variable of a setting in an environment. */
export interface PlannedVariable {
  /** The environment variable that the app reads: `UPLOADS_BUCKET`. */
  readonly name: string;
  /** `<group>.<name>` in the code. */
  readonly setting: string;
  /** The group that declared the setting and whose store has the value. */
  readonly group: string;
  /** Name of the setting's kind: `postgres`, `plain`. */
  readonly kind: string;
  /** Whether the value is stored as a secret and must not be shown. */
  readonly secret: boolean;
  /** Whether apps in this environment require it to start. */
  readonly required: boolean;
  /** The actual or required source of the value. */
  readonly source: ValueSource;
  /** `ready`: it has a value, or will have one after the deploy; `missing`: a user must supply it; `unset`: it needs no value. */
  readonly state: "ready" | "missing" | "unset";
  /** The variable that provides its value: a supplied alias, or one of the setting it falls back to. */
  readonly from?: string;
  /** The setting that it falls back to for its value, `<group>.<name>`. */
  readonly provider?: string;
  /** Whether it is composed of the setting's fields, and only delivered. */
  readonly derived?: true;
  /** The text of a delivered default; absent if only the app can make the default. */
  readonly value?: string;
  /** The value's store entry; absent if only the app can make the default. */
  readonly entry?: string;
  /** The entry's writer; absent without `entry`. */
  readonly writer?: EntryWriter;
  /** The setting's description. */
  readonly description?: string;
}

/** A value that a user must supply. */
export interface MissingValue {
  /** `<group>.<name>` in the code. */
  readonly setting: string;
  /** All are required. */
  readonly variables: readonly string[];
  /** Whether any is secret. */
  readonly secret: boolean;
  /** `OPENAI_API_KEY must be configured in production` */
  readonly message: string;
  /** The store entry to write it to. */
  readonly entry: string;
}

/** The origin of a setting's value. */
export interface Provision {
  readonly source: ValueSource;
  readonly state: PlannedVariable["state"];
  /** The setting that has the value: the setting itself, or the one it falls back to. */
  readonly provider: Definition;
  /** The supplied variables: the provider's own, or those of an alias. */
  readonly names?: readonly NamedVariable[];
  /** The resource that provides it. */
  readonly resource?: PlannedResource;
  /** The text of the provider's default, if delivered. */
  readonly text?: string;
}
