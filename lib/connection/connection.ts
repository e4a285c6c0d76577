import { Secret } from "../secret";
import type { Tls } from "./tls";

export interface ConnectionParts<Database> {
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  readonly database: Database;
  readonly username: string;
  readonly password: string;
  readonly tls: Tls;
}

/**
 * A connection URL that was checked and taken apart. A `Secret`: prints as `***`, and `reveal()` gives the URL exactly as it was given.
 * The parts are getters over private data, so that no printer, spread or clone finds them.
 */
export class Connection<Database extends string | number | undefined = string | number | undefined> extends Secret {
  readonly #parts: ConnectionParts<Database>;
  readonly #password: Secret;

  constructor(url: string, parts: ConnectionParts<Database>) {
    super(url);
    this.#parts = parts;
    this.#password = new Secret(parts.password);
  }

  /** Lower case, without the colon: `postgresql+asyncpg`. */
  get scheme(): string {
    return this.#parts.scheme;
  }

  /** A name or an address; IPv6 without brackets. */
  get host(): string {
    return this.#parts.host;
  }

  /** The protocol's own when the URL names none. */
  get port(): number {
    return this.#parts.port;
  }

  /** A name; for Redis a number; `undefined` where the protocol has none. */
  get database(): Database {
    return this.#parts.database;
  }

  /** Decoded; "" when the URL names none. */
  get username(): string {
    return this.#parts.username;
  }

  /** Decoded; a secret of "" when the URL holds none. */
  get password(): Secret {
    return this.#password;
  }

  /** How the URL says that the connection is protected. */
  get tls(): Tls {
    return this.#parts.tls;
  }
}

/** What an app gets for a PostgreSQL setting. Hand `reveal()` to the client library. */
export interface PostgresConnection extends Connection<string> {}

/** What an app gets for a Redis or Valkey setting. Hand `reveal()` to the client library. */
export class RedisConnection extends Connection<number> {
  readonly #prefix: string | undefined;

  constructor(url: string, parts: ConnectionParts<number>, prefix?: string) {
    super(url, parts);
    this.#prefix = prefix;
  }

  /**
   * What the names of all keys and channels must begin with, on a server that environments share: `keyPrefix` of ioredis, `KEY_PREFIX` of
   * Django. `undefined` on a server of the setting's own.
   */
  get prefix(): string | undefined {
    return this.#prefix;
  }
}
