import { bucket, postgresUrl, redisUrl, settings, type Group } from "../../lib/index";
import { mapKinds, type ProvisionedKind } from "../../lib/kinds";

/** What declares a setting of each kind that a target can provide. */
const builders: { readonly [N in ProvisionedKind]: () => ReturnType<typeof bucket | typeof postgresUrl | typeof redisUrl> } = {
  bucket: () => bucket(),
  postgres: () => postgresUrl(),
  redis: () => redisUrl(),
};

/** A group with one setting of each kind, named after it. */
export const everyKind = (name: string): Group => {
  const shape = mapKinds<{ readonly [N in ProvisionedKind]: ReturnType<(typeof builders)[N]> }>((kind) => builders[kind]());
  return settings(name, { ...shape });
};
