import type { HostAndPort } from "./connection";
import { urlHost } from "./host";
import { refusal, type Place, type Protocol } from "./protocol";
import { isMarked, isPlaceholderHost } from "./text";

type AnyProtocol = Protocol<string | number | undefined>;

/** Reads the part between `://` and the path: user, password, hosts and ports. */
export const readAuthority = (authority: string, protocol: AnyProtocol, scheme: string): Place => {
  const end = authority.lastIndexOf("@");
  return { ...readUser(authority.slice(0, Math.max(end, 0))), hosts: readHosts(authority.slice(end + 1), protocol, scheme) };
};

const readUser = (text: string): Pick<Place, "username" | "password"> => {
  if (text.includes("@")) {
    throw text.includes(",")
      ? refusal("has a user name before more than one host", "write the user name and the password once, before the first host")
      : refusal("has an unencoded @ in its user name or password", "write it as %40");
  }
  const colon = text.indexOf(":");
  const [username, password] = colon === -1 ? [text, ""] : [text.slice(0, colon), text.slice(colon + 1)];
  if (isMarked(username) || isMarked(password)) {
    throw refusal(
      `has a placeholder where its ${isMarked(password) ? "password" : "user name"} belongs`,
      "replace it, brackets or asterisks included; pages that show a URL often hide the password",
    );
  }
  return { username: decode(username), password: decode(password) };
};

/** Reads a list of hosts: `a`, `a:1,b:2`, `[::1]:5432`, `%2Fvar%2Frun`. Empty if there is no host. */
export const readHosts = (text: string, protocol: AnyProtocol, scheme: string): readonly HostAndPort[] => {
  if (/^(?::\d*)?$/.test(text)) return [];
  const entries = text.split(",");
  if (entries.length > 1 && protocol.oneHost !== undefined) throw refusal("has several hosts", protocol.oneHost);
  return entries.map((entry) => readHost(entry, protocol, scheme));
};

const readHost = (entry: string, protocol: AnyProtocol, scheme: string): HostAndPort => {
  const bracket = entry.startsWith("[") ? entry.indexOf("]") : -1;
  const colon = entry.indexOf(":", bracket + 1);
  const host = colon === -1 ? entry : entry.slice(0, colon);
  const port = colon === -1 ? "" : entry.slice(colon + 1);
  if (port.includes(":") || (entry.startsWith("[") && bracket !== host.length - 1)) {
    throw /^\[?[0-9a-f:.]+\]?$/i.test(entry) && (entry.includes("::") || entry.split(":").length > 3)
      ? refusal("has an IPv6 address without brackets", "write it in brackets, before its port: [::1]:1234")
      : refusal("has more than a host and a port before its path", "write : in a user name or password as %3A, and @ as %40");
  }
  return { host: readName(host, protocol), port: port === "" ? (protocol.portOf?.(scheme) ?? protocol.defaultPort) : readPort(port) };
};

/** @param port must not be empty */
export const readPort = (port: string): number => {
  if (!/^\d+$/.test(port)) {
    throw refusal(
      "has a port that is not a number",
      "write a number after the host; if this is part of the password, write / as %2F, ? as %3F, # as %23, @ as %40 and : as %3A",
    );
  }
  const number = Number(port.length > 5 ? 0 : port);
  if (number < 1 || number > 65_535) throw refusal("has a port outside 1 to 65535", "write the port that the server listens on");
  return number;
};

const readName = (written: string, { sockets, product }: AnyProtocol): string => {
  if (/^(?:%2f|%40|\/)/i.test(written)) {
    if (sockets) return decode(written);
    throw refusal(`has a socket path as its host, which ${product} clients do not accept`, "write a host, such as localhost");
  }
  if (written === "") throw refusal("has a list of hosts with an empty entry", "remove the extra comma");
  if (isPlaceholderHost(written)) throw refusal("has a placeholder where its host belongs", "write the server's name or address");
  const host = written.startsWith("[") ? written.slice(1, -1) : written;
  const name = urlHost(host);
  if (name !== undefined && name.startsWith("[") === written.startsWith("[")) return written.startsWith("[") ? name.slice(1, -1) : name;
  // eslint-disable-next-line no-control-regex
  if (/[^\0-\x7f]/.test(host)) throw refusal("has a host that is not ASCII", "write the name in its ASCII form: xn--...");
  throw refusal("has a host that is not a DNS name, an IPv4 address or an IPv6 address in brackets", "write the server's name or address");
};

/** Decodes percent-encoding. */
export const decode = (encoded: string): string => {
  const text = decoded(encoded);
  if (text !== undefined && !text.includes("\0")) return text;
  throw refusal("has percent-encoding that is not valid UTF-8 or contains NUL", "percent-encode the UTF-8 bytes, without NUL: é is %C3%A9");
};

const decoded = (encoded: string): string | undefined => {
  if (!encoded.includes("%")) return encoded;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
};
