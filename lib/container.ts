/** How a kind's server runs in a container, on any container platform. */
export interface Container<Version extends string = string> {
  /** Image of each version, pinned to one release. */
  readonly images: Readonly<Record<Version, string>>;
  /** Version used when a setting requests none. */
  readonly version: Version;
  /** Port that clients connect to. */
  readonly port: number;
  /** User and group id that the server runs as and that owns the volume. Never root. */
  readonly user: number;
  /**
   * Program and arguments that replace the image's entry point; no secrets.
   * @default - the image's own
   */
  readonly command?: readonly string[];
  /** Environment variables; no secrets. */
  readonly environment: Readonly<Record<string, string>>;
  /**
   * Options of a setting that its own server gets, each with the environment variable for its value.
   * @default - none
   */
  readonly options?: Readonly<Record<string, string>>;
  /** Names of the variables for the administrator's username and password. The target generates both: 16 to 40 letters and digits each. */
  readonly administrator: { readonly username: string; readonly password: string };
  /** Mount path of the data volume, which is empty at first. Everything outside it may be lost. */
  readonly volume: string;
  /**
   * Program and arguments that succeed once the server answers a query from the administrator. Runs in the container, with the
   * container's variables; no secrets among its arguments.
   */
  readonly probe: readonly string[];
}

/** The versions of a server, and the ones that client libraries support. */
export interface Versions<Version extends string = string> {
  /** Versions that a setting can request, oldest first. */
  readonly servers: readonly Version[];
  /**
   * Server versions that a client library documents as supported, by `<registry>:<package>`. A library that documents none is not listed.
   */
  readonly clients: Readonly<Record<`${"npm" | "pypi"}:${string}`, readonly Version[]>>;
}

/** The image for the version that a setting requests. */
export const imageOf = ({ images, version: usual }: Container, version: string = usual): string | undefined => images[version];
