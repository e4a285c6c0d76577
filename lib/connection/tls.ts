/** How a connection is protected on its way. */
export interface Tls {
  /**
   * `off`: nothing is promised; the client's own default decides. `require`: encrypted, the server's identity is not proven.
   * `verify-full`: encrypted, and the certificate must be valid for the host.
   */
  readonly mode: "off" | "require" | "verify-full";
  /**
   * Path, where the app runs, of a PEM file with the authorities to trust; without it the client's own roots count.
   * A path and not PEM text, because that is what connection URLs carry: `sslrootcert`, `ssl_ca_certs`.
   */
  readonly ca?: string;
}

/** `{ mode }`, or `{ mode, ca }` where there is one. */
export const tls = (mode: Tls["mode"], ca?: string): Tls => Object.freeze({ mode, ...(ca !== undefined && { ca }) });
