import { Connection, type ConnectionParts } from "./connection";
import { refusal, type Parameter, type Protocol } from "./protocol";
import { tls, type Tls } from "./tls";
import { meaningOf, switchOf, type Words } from "./words";

interface MongodbNames {
  readonly authSource: string;
  readonly replicaSet: string | undefined;
}

/**
 * The value of a MongoDB setting. `database` is "" if the URL has none. With `mongodb+srv`, `host` is the name whose DNS records list the
 * hosts. Pass `reveal()` to the client library.
 */
export class MongodbConnection extends Connection<string> {
  readonly #names: MongodbNames;

  constructor(url: string, parts: ConnectionParts<string>) {
    super(url, parts);
    const parameters = new URLSearchParams(/\?(.*)$/s.exec(url)?.[1] ?? "");
    const authSource = parameters.get("authSource") ?? (parts.database || "admin");
    this.#names = { authSource, replicaSet: parameters.get("replicaSet") ?? undefined };
  }

  /** The authentication database: `authSource`, else the URL's database, else `admin`. */
  get authSource(): string {
    return this.#names.authSource;
  }

  /** The name of the replica set, if the URL has one. With `mongodb+srv`, DNS may provide it. */
  get replicaSet(): string | undefined {
    return this.#names.replicaSet;
  }
}

/** The old name of `tlsInsecure` in [PyMongo](https://pymongo.readthedocs.io/en/3.13.0/examples/tls.html). */
const VERIFIED: Words<boolean> = {
  cert_none: false,
  cert_optional: false,
  cert_required: true,
  none: false,
  optional: false,
  required: true,
};

const SRV = "mongodb+srv";

/** https://www.mongodb.com/docs/manual/reference/connection-string/ */
export const mongodbProtocol: Protocol<string> = {
  product: "MongoDB",
  schemes: /^mongodb(?:\+srv)?$/,
  schemesInWords: "mongodb:// or mongodb+srv://",
  pattern: "mongodb://USER:PASSWORD@HOST:27017/DATABASE",
  defaultPort: 27_017,
  sockets: true,
  overruling: [],
  // With +srv, DNS provides the hosts and their ports.
  place: (front, { scheme, authority }) => {
    const hasPort = authority.slice(authority.lastIndexOf("@") + 1).includes(":");
    if (scheme === SRV && (hasPort || front.hosts.length > 1 || front.hosts.some(({ host }) => host.startsWith("/"))))
      throw refusal(
        "must have one host without a port after mongodb+srv://",
        "remove the port, or write mongodb:// before a list of hosts",
      );
    return front;
  },
  database: (path) => {
    if (/^[^/\\. "$*<>:|?@\p{Cc}]{0,63}$/u.test(path)) return path;
    throw refusal(
      "must have only a database name between the hosts and the query",
      'write one name, of at most 63 characters and without / \\ . " $ * < > : | ? and @; if a password contains /, write it as %2F',
    );
  },
  databaseInWords: "must be a database name: at most 63 characters, without / \\ . $ * < > : | ? @",
  tls: (scheme, parameter) => tls(modeOf(scheme, parameter), parameter("tlsCAFile") ?? parameter("ssl_ca_certs")),
};

/** https://www.mongodb.com/docs/manual/reference/connection-string-options/#tls-options */
const modeOf = (scheme: string, parameter: Parameter): Tls["mode"] => {
  const [isOn, isSsl] = [switchOf(parameter, ["tls"]), switchOf(parameter, ["ssl"])];
  if (isOn !== undefined && isSsl !== undefined && isOn !== isSsl)
    throw refusal("has tls and ssl parameters that contradict each other", "remove ssl, the old name of tls");
  if (!(isOn ?? isSsl ?? scheme === SRV)) return "off";
  const insecure = ["tlsInsecure", "tlsAllowInvalidCertificates", "tlsAllowInvalidHostnames", "sslInsecure"].some(
    (name) => switchOf(parameter, [name]) === true,
  );
  const unverified = meaningOf(parameter, ["ssl_cert_reqs"], VERIFIED, "CERT_NONE or CERT_REQUIRED") === false;
  return insecure || unverified ? "require" : "verify-full";
};

/** The TLS parameters. */
export const mongodbTlsParameters = ({ mode, ca }: Tls): Readonly<Record<string, string | undefined>> =>
  mode === "off" ? {} : { tls: "true", tlsInsecure: mode === "require" ? "true" : undefined, tlsCAFile: ca };
