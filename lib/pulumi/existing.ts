import type { Input } from "@pulumi/pulumi";

const EXISTING = "endow.existing";

/** An existing resource: endow creates nothing for the setting, and never deletes the resource. */
export interface Existing<Fields> {
  readonly type: typeof EXISTING;
  readonly fields: { readonly [P in keyof Fields]: Input<Fields[P]> };
}

/**
 * Uses an existing resource for a setting, described by its fields, which may be outputs of other resources:
 * `existing: { databaseUrl: existing({ host: db.address, port: db.port, ... }) }`. endow only delivers its values.
 */
export const existing = <const Fields>(fields: { readonly [P in keyof Fields]: Input<Fields[P]> }): Existing<Fields> => ({
  type: EXISTING,
  fields,
});

export const isExisting = (value: unknown): value is Existing<object> =>
  typeof value === "object" && value !== null && "type" in value && value.type === EXISTING && "fields" in value;
