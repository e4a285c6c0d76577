import { bucketKind } from "./bucket";
import { postgresKind } from "./postgres";
import { redisKind } from "./redis";

/** Every kind that a target can provision: the one list. */
export const provisioned = { bucket: bucketKind, postgres: postgresKind, redis: redisKind } as const;
export type Provisioned = typeof provisioned;
export type ProvisionedKind = keyof Provisioned;

/** Kinds whose logins are made by statements: on any server that an administrator reaches, also on somebody else's. */
export type RoleKind = { [N in ProvisionedKind]: Provisioned[N] extends { readonly role: object } ? N : never }[ProvisionedKind];
