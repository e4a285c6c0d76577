/** The TLS settings of a connection. */
export interface Tls {
  /**
   * `off`: no guarantee; the client's default applies. `require`: encrypted, but the server's identity is not verified.
   * `verify-full`: encrypted, and the certificate must be valid for the host.
   */
  readonly mode: "off" | "require" | "verify-full";
  /**
   * Path, on the app's machine, of a PEM file with the CA certificates to trust; defaults to the client's own roots.
   * A path rather than PEM text, because that is what connection URLs use: `sslrootcert`, `ssl_ca_certs`.
   */
  readonly ca?: string;
}

/** `{ mode }`, or `{ mode, ca }` if there is a CA. */
export const tls = (mode: Tls["mode"], ca?: string): Tls => Object.freeze({ mode, ...(ca !== undefined && { ca }) });

const STRENGTH = { off: 0, require: 1, "verify-full": 2 } as const satisfies Readonly<Record<Tls["mode"], number>>;

/** Whether one mode is weaker than another. */
export const isWeaker = (mode: Tls["mode"], than: Tls["mode"]): boolean => STRENGTH[mode] < STRENGTH[than];

/** The weaker of two modes. */
export const weakerOf = (one: Tls["mode"], other: Tls["mode"]): Tls["mode"] => (isWeaker(one, other) ? one : other);
