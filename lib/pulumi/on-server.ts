const ON_SERVER = "endow.onServer";

/** An existing server to create a setting's resource on. */
export interface OnServer<Reference = object> {
  readonly type: typeof ON_SERVER;
  readonly reference: Reference;
}

/**
 * Creates a setting's resource on an existing server, with its own login and a generated password:
 * `existing: { databaseUrl: onServer({ host: db.address, administrator: { username: "postgres", password } }) }`. The target defines how a
 * server is referenced. Nothing else on the server is changed: a database or login of the same name that was not created for this setting is an
 * error.
 */
export const onServer = <const Reference extends object>(reference: Reference): OnServer<Reference> => ({ type: ON_SERVER, reference });

export const isOnServer = (value: unknown): value is OnServer =>
  typeof value === "object" && value !== null && "type" in value && value.type === ON_SERVER && "reference" in value;
