import { Connection, type ConnectionParts } from "./connection";
import type { VariableTexts } from "../kind";
import { invalidPart, readConnection, flagOf } from "./parts";
import { refusal, type Parameter, type Protocol } from "./protocol";
import { tls, type Tls } from "./tls";
import { meaningOf, switchOf, type Words } from "./words";

/** The value of a mail server setting. */
export class SmtpConnection extends Connection<undefined> {
  readonly #isSecure: boolean;

  constructor(url: string, parts: ConnectionParts<undefined>, isSecure = isImplicit(parts)) {
    super(url, parts);
    this.#isSecure = isSecure;
  }

  /**
   * Whether the connection starts with TLS: `secure` of nodemailer, `EMAIL_USE_SSL` of Django. Otherwise it starts in plain text, and the
   * client may upgrade to TLS (STARTTLS).
   */
  get secure(): boolean {
    return this.#isSecure;
  }
}

/** A standard port takes precedence over the scheme, because Django's libraries treat `smtps` as STARTTLS. */
const isImplicit = ({ scheme, port }: Pick<ConnectionParts<undefined>, "scheme" | "port">): boolean =>
  port === 465 || (/^smtp(?:s|\+ssl)$/.test(scheme) && port !== 587 && port !== 25);

/** [Symfony](https://symfony.com/doc/current/mailer.html#tls-peer-verification) and Laravel. */
const ENCRYPTION: Words<boolean> = { tls: true, ssl: true, starttls: true, none: false, null: false, "": false };

/**
 * `smtp` and `smtps`: [nodemailer](https://nodemailer.com/smtp/), Symfony, Rails; `smtp+tls` (STARTTLS) and `smtp+ssl`:
 * [django-environ](https://django-environ.readthedocs.io/en/latest/types.html#environ-env-email-url), dj-email-url.
 */
export const smtpProtocol: Protocol<undefined> = {
  product: "SMTP",
  schemes: /^smtp(?:s|\+tls|\+ssl)?$/,
  schemesInWords: "smtp:// or smtps://",
  pattern: "smtp://USER:PASSWORD@HOST:587",
  defaultPort: 587,
  portOf: (scheme) => (/^smtp(?:s|\+ssl)$/.test(scheme) ? 465 : 587),
  oneHost: "write one host",
  overruling: ["host", "port", "user", "pass"],
  database: (path) => {
    if (path !== "") throw refusal("must not have a path after its host", "remove it; if a password contains /, write it as %2F");
    return undefined;
  },
  databaseInWords: "must not be set",
  tls: (scheme, parameter, port) => tls(modeOf(scheme, parameter, port)),
};

/** The minimum guarantee: `smtp` alone may remain plain text. */
const modeOf = (scheme: string, parameter: Parameter, port: number): Tls["mode"] => {
  const asked = [
    isImplicit({ scheme, port }),
    scheme === "smtp+tls" || scheme === "smtps",
    switchOf(parameter, ["secure"]),
    switchOf(parameter, ["requireTLS", "require_tls"]),
    switchOf(parameter, ["tls", "ssl"]),
    meaningOf(parameter, ["encryption"], ENCRYPTION, "tls, ssl or none"),
  ];
  if (!asked.includes(true)) return "off";
  const unverified = [switchOf(parameter, ["tls.rejectUnauthorized"]), switchOf(parameter, ["verify_peer"])].includes(false);
  return unverified ? "require" : "verify-full";
};

/** The scheme of a URL: `smtps` where the connection starts with TLS. */
export const smtpScheme = (isSecure: boolean): "smtp" | "smtps" => (isSecure ? "smtps" : "smtp");

/** The TLS parameters, as nodemailer reads them. */
export const smtpTlsParameters = ({ mode }: Tls, isSecure: boolean): Readonly<Record<string, string | undefined>> => ({
  requireTLS: mode !== "off" && !isSecure ? "true" : undefined,
  "tls.rejectUnauthorized": mode === "require" ? "false" : undefined,
});

/** Reads a mail server from its variables. An unset `secure` follows the port. @throws EndowError `CONNECTION_URL_INVALID` */
export const readSmtp = (texts: VariableTexts): SmtpConnection => {
  const flag = flagOf("secure", texts["secure"]);
  const isSecure = flag ?? texts["port"] === "465";
  const { url, parts } = readConnection(texts, smtpProtocol, {
    scheme: smtpScheme(isSecure),
    tlsParameters: (given) => smtpTlsParameters(given, isSecure),
    whenTrue: "verify-full",
  });
  if (texts["url"] === undefined) return new SmtpConnection(url, { ...parts, tls: isSecure ? tls("verify-full") : parts.tls }, isSecure);
  const read = new SmtpConnection(url, parts);
  if (flag !== undefined && flag !== read.secure)
    throw invalidPart("secure", "contradicts {url}", "unset one of the two, or make them agree");
  return read;
};
