import type { Input } from "@pulumi/pulumi";

const EXISTING = "endow.existing";

/** A resource that is already there: nothing is made for the setting, and nothing is ever removed. */
export interface Existing<Fields> {
  readonly type: typeof EXISTING;
  readonly fields: { readonly [P in keyof Fields]: Input<Fields[P]> };
}

/**
 * Gives a setting a resource that is already there, by its fields, which may be outputs of other resources:
 * `existing: { databaseUrl: existing({ host: db.address, port: db.port, ... }) }`. Only its values are delivered.
 */
export const existing = <const Fields>(fields: { readonly [P in keyof Fields]: Input<Fields[P]> }): Existing<Fields> => ({
  type: EXISTING,
  fields,
});

export const isExisting = (value: unknown): value is Existing<object> =>
  typeof value === "object" && value !== null && "type" in value && value.type === EXISTING && "fields" in value;
