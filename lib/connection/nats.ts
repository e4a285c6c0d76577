import type { Connection } from "./connection";
import { joinedList } from "./lists";
import { refusal, type Protocol } from "./protocol";
import { tls } from "./tls";

/**
 * The value of a NATS setting. A token, in a URL a user name without a password, is the connection's `password`. Node clients ignore the user and
 * the password of a URL: pass them `hosts`, `username` and `password`. Pass `reveal()` to clients that read them.
 */
export interface NatsConnection extends Connection<undefined> {}

const SECURE = new Set(["tls", "wss"]);
const PORTS: Readonly<Record<string, number>> = { ws: 80, wss: 443 };

/** One URL or a list of them; a bare host means `nats://`. https://docs.nats.io/using-nats/developer/connecting */
export const natsProtocol: Protocol<undefined> = {
  product: "NATS",
  schemes: /^(?:nats|tls|wss?)$/,
  schemesInWords: "nats:// or tls://",
  pattern: "nats://USER:PASSWORD@HOST:4222",
  defaultPort: 4222,
  portOf: (scheme) => PORTS[scheme] ?? 4222,
  joined: (text) => joinedList(text, "nats", /\/?,/),
  overruling: [],
  place: (front, { authority }) => (authority.slice(0, authority.lastIndexOf("@") + 1).includes(":") ? front : tokenAsPassword(front)),
  database: (path) => {
    if (path !== "") throw refusal("must not have a path after its host", "remove it; if a password contains /, write it as %2F");
    return undefined;
  },
  databaseInWords: "must not be set",
  tls: (scheme) => tls(SECURE.has(scheme) ? "verify-full" : "off"),
};

/** A token is a secret, which a user name is not. */
export const tokenAsPassword = <Login extends { readonly username: string; readonly password: string }>(login: Login): Login =>
  login.password === "" ? { ...login, username: "", password: login.username } : login;

/** A token as URLs have it. */
export const tokenAsUser = <Login extends { readonly username: string; readonly password: string }>(login: Login): Login =>
  login.username === "" ? { ...login, username: login.password, password: "" } : login;
