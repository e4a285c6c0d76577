import { registryOf } from "../internal/registry";
import type { KindTraits } from "../kind";
import provisioned from "./index";

export { provisioned };
export type Provisioned = typeof provisioned;
export type ProvisionedKind = keyof Provisioned;

/** Looks up a provisioned kind by its name at run time. */
export const provisionedKinds = registryOf<KindTraits>("resource", provisioned);

/** Kinds whose logins are created by statements: on any server that an administrator can reach, including third-party ones. */
export type RoleKind = { [N in ProvisionedKind]: Provisioned[N] extends { readonly role: object } ? N : never }[ProvisionedKind];

/**
 * Makes a map with an entry for each provisioned kind, which avoids a second list of kinds:
 * `mapKinds<Cells>((kind) => cell(kind))`.
 */
export const mapKinds = <Entries extends Readonly<Record<ProvisionedKind, unknown>>>(make: MakerOf<Entries>): Entries =>
  Object.fromEntries(Object.keys(provisioned).map((kind) => [kind, make(kind as ProvisionedKind)])) as Entries;

/** Maps each kind to the entry type of that kind. */
type MakerOf<Entries extends Readonly<Record<ProvisionedKind, unknown>>> = Each<
  {
    [N in ProvisionedKind]: (kind: N) => Entries[N];
  }[ProvisionedKind]
> &
  ((kind: ProvisionedKind) => unknown);
type Each<Makers> = (Makers extends unknown ? (maker: Makers) => void : never) extends (maker: infer All) => void ? All : never;
