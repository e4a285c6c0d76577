import { Secret } from "../secret";
import type { Tls } from "./tls";

/** One server of a connection. */
export interface HostAndPort {
  /** A name or an address, IPv6 without brackets. For a Unix socket, the path of the socket or its folder, which starts with `/`. */
  readonly host: string;
  readonly port: number;
}

export interface ConnectionParts<Database> {
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  /** @default - the host and the port alone */
  readonly hosts?: readonly HostAndPort[];
  readonly database: Database;
  readonly username: string;
  readonly password: string;
  readonly tls: Tls;
}

/**
 * A validated and parsed connection URL. A `Secret`: prints as `***`, and `reveal()` returns the original URL.
 * The parts are getters over private data, so printing, spreading or cloning does not expose them.
 */
export class Connection<Database extends string | number | undefined = string | number | undefined> extends Secret {
  readonly #parts: ConnectionParts<Database>;
  readonly #hosts: readonly HostAndPort[];
  readonly #password: Secret;

  constructor(url: string, parts: ConnectionParts<Database>) {
    super(url);
    this.#parts = parts;
    const { host, port, hosts = [{ host, port }] } = parts;
    this.#hosts = Object.freeze(hosts.map((each) => Object.freeze({ ...each })));
    this.#password = new Secret(parts.password);
  }

  /** Lower case, without the colon: `postgresql+asyncpg`, `jdbc:postgresql`. */
  get scheme(): string {
    return this.#parts.scheme;
  }

  /**
   * The first host: a name or an address, IPv6 without brackets. For a Unix socket, the path of the socket or its folder, as in the URL; it
   * starts with `/`.
   */
  get host(): string {
    return this.#parts.host;
  }

  /** The first host's port; the protocol's default if the URL has none. */
  get port(): number {
    return this.#parts.port;
  }

  /** All hosts with their ports, in the order of the URL. Only protocols whose clients try several hosts in turn have more than one. */
  get hosts(): readonly HostAndPort[] {
    return this.#hosts;
  }

  /** A name; for Redis a number; `undefined` if the protocol has no databases. */
  get database(): Database {
    return this.#parts.database;
  }

  /** Decoded; "" if the URL has none. */
  get username(): string {
    return this.#parts.username;
  }

  /** Decoded; a secret of "" if the URL has none. */
  get password(): Secret {
    return this.#password;
  }

  /** The TLS settings of the URL. */
  get tls(): Tls {
    return this.#parts.tls;
  }
}

/** The fields of the resource behind a connection. */
export const fieldsOfConnection = <Database extends string | number | undefined>({
  host,
  port,
  database,
  username,
  password,
  tls,
}: Connection<Database>) => ({ host, port, database, username, password: password.reveal(), tls });
