import { registryOf } from "../internal/registry";
import type { KindTraits } from "../kind";
import provisioned from "./index";

export { provisioned };
export type Provisioned = typeof provisioned;
export type ProvisionedKind = keyof Provisioned;

/** The same by a name that is known at run time alone. */
export const provisionedKinds = registryOf<KindTraits>("resource", provisioned);

/** Kinds whose logins are made by statements: on any server that an administrator reaches, also on one of another party. */
export type RoleKind = { [N in ProvisionedKind]: Provisioned[N] extends { readonly role: object } ? N : never }[ProvisionedKind];

/**
 * A map with an entry for each kind that a target can provision, so that no second list of kinds is needed:
 * `mapKinds<Cells>((kind) => cell(kind))`.
 */
export const mapKinds = <Entries extends Readonly<Record<ProvisionedKind, unknown>>>(make: MakerOf<Entries>): Entries =>
  Object.fromEntries(Object.keys(provisioned).map((kind) => [kind, make(kind as ProvisionedKind)])) as Entries;

/** Takes each kind, and gives the very entry of that kind. */
type MakerOf<Entries extends Readonly<Record<ProvisionedKind, unknown>>> = Each<
  {
    [N in ProvisionedKind]: (kind: N) => Entries[N];
  }[ProvisionedKind]
> &
  ((kind: ProvisionedKind) => unknown);
type Each<Makers> = (Makers extends unknown ? (maker: Makers) => void : never) extends (maker: infer All) => void ? All : never;
