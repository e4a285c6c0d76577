/** A kind's server in a container: what is the same wherever containers run. */
export interface Container<Version extends string = string> {
  /** Image by the version that a setting asks for, pinned to one release. */
  readonly images: Readonly<Record<Version, string>>;
  /** Version where a setting asks for none. */
  readonly version: Version;
  /** Port that clients connect to. */
  readonly port: number;
  /** Number of the user and of the group that it runs as, to whom the volume belongs. Never root. */
  readonly user: number;
  /**
   * Program and parameters that take the place of the image's entry point; no secret among them.
   * @default - the image's own
   */
  readonly command?: readonly string[];
  /** No secret among them. */
  readonly environment: Readonly<Record<string, string>>;
  /** Variables by which it gets the name and the password of an administrator, of 16 to 40 letters and digits each, which the target makes. */
  readonly administrator: { readonly username: string; readonly password: string };
  /** Folder of the volume that keeps its data: empty at first. All else may be lost. */
  readonly volume: string;
  /**
   * Program and parameters that succeed once the server answers a query made as the administrator. Runs in the container, with the
   * container's variables; no secret among its parameters.
   */
  readonly probe: readonly string[];
}

/** Which versions of a server there are, and which of them client libraries take. */
export interface Versions<Version extends string = string> {
  /** What a setting can ask for, oldest first. */
  readonly servers: readonly Version[];
  /**
   * The servers that a client library is documented to work with, by `<registry>:<package>`. A library that says nothing of it is not
   * among them.
   */
  readonly clients: Readonly<Record<`${"npm" | "pypi"}:${string}`, readonly Version[]>>;
}

/** The image for the version that a setting asks for. */
export const imageOf = ({ images, version: usual }: Container, version: string = usual): string | undefined => images[version];
