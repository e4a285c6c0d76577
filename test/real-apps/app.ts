import type { Group } from "../../lib";

/** A public app, and how a person would declare its settings without changing it. */
export interface RealApp {
  /** On GitHub. */
  readonly repository: string;
  /** The sample of its environment, in one stored version. */
  readonly file: string;
  /** Whether it was looked at only after the library was designed. */
  readonly heldOut?: true;
  /** The variables in the file that name a service: its URL, host, port, user, password, database, bucket, region or key. */
  readonly variables: readonly string[];
  readonly declare: () => Group;
  /** Texts that a person supplies for settings without an example of their own. */
  readonly supplied?: Readonly<Record<string, string>>;
}
