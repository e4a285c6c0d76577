import { existsSync } from "node:fs";
import { leaseName } from "../names";
import type { Group } from "../settings";
import { leasesIn } from "./state";
import { readState } from "./state-files";
import { present, readStoresIfSound } from "./values";

type Values = Readonly<Record<string, string>>;

/** A setting's current or future logins and values on an environment's own servers. */
export interface ProvisionedValues {
  /** Its login's current and possible names. */
  readonly logins: readonly string[];
  /** As written by the last `up`, by variable. */
  readonly values: Values;
}

/**
 * Returns them by setting id, for each setting that a server can provide. Works without a folder: logins are derived from the ids.
 *
 * @throws EndowError those of `readState`
 */
export const readProvisionedValues = async (
  folder: string,
  groups: readonly Group[],
): Promise<Readonly<Record<string, ProvisionedValues>>> => {
  const known = existsSync(folder);
  const leases = leasesIn((known ? await readState(folder) : undefined) ?? { servers: {} });
  const stored = (known ? await readStoresIfSound(folder, groups) : undefined) ?? {};
  const provided = groups.flatMap(({ definitions }) => definitions).filter(({ kind }) => kind.server);
  return Object.fromEntries(
    provided.map(({ id, formerly, variables }) => {
      const ids = [id, ...formerly];
      const recorded = leases.filter((lease) => ids.includes(lease.id)).map(({ name }) => name);
      const values = Object.fromEntries(present(variables.map(({ name }) => [name, stored[name]])));
      return [id, { logins: [...ids.map(leaseName), ...recorded], values }];
    }),
  );
};

/** Whether a setting's values belong to a local server's login, regardless of port and password. */
export const areProvisioned = (texts: readonly string[], logins: readonly string[]): boolean => {
  const urls = texts.filter((text) => URL.canParse(text)).map((text) => new URL(text));
  return (
    urls.length > 0 &&
    urls.every(({ hostname }) => hostname === "127.0.0.1") &&
    logins.some(
      (login) =>
        urls.every(({ pathname }) => ["", "/", "/0", `/${login}`].includes(pathname)) &&
        [...texts, ...urls.map(({ username }) => username)].includes(login),
    )
  );
};
