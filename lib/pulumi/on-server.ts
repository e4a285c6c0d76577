const ON_SERVER = "endow.onServer";

/** A server that is already there, for what is made for a setting. */
export interface OnServer<Reference = object> {
  readonly type: typeof ON_SERVER;
  readonly reference: Reference;
}

/**
 * Has a setting's resource made on a server that is already there, with a login of its own and a generated password:
 * `existing: { databaseUrl: onServer({ host: db.address, administrator: { username: "postgres", password } }) }`. The target says how a
 * server is named. Nothing else on the server is touched: a database or a login of the same name that was not made for this setting is an error.
 */
export const onServer = <const Reference extends object>(reference: Reference): OnServer<Reference> => ({ type: ON_SERVER, reference });

export const isOnServer = (value: unknown): value is OnServer =>
  typeof value === "object" && value !== null && "type" in value && value.type === ON_SERVER && "reference" in value;
