import { FLAG_WORDS, readFlag } from "./flag";
import type { VariableTexts } from "../kind";
import { urlHost } from "./host";

/** The address of an S3 server. */
export interface S3Address {
  readonly host: string;
  readonly port: number;
  /** Whether it uses `https`. */
  readonly tls: boolean;
  /** Path prefix of every request: `/storage/v1/s3`. Usually empty; never ends with a slash. */
  readonly path: string;
}

/** The address of AWS in a region: the endpoint that its SDKs use when none is set. */
export const awsAddress = (region: string): S3Address => ({
  host: `s3.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`,
  port: 443,
  tls: true,
  path: "",
});

/** Parses an endpoint, `https://minio.internal:9000`; `undefined` unless it is an http or https URL without user, query or fragment. */
export const parseEndpoint = (text: string): S3Address | undefined => {
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, port, username, password, pathname, search, hash } = new URL(text);
  if (!/^https?:$/.test(protocol) || `${username}${password}${search}${hash}` !== "" || /[?#]$/.test(text)) return undefined;
  const tls = protocol === "https:";
  return {
    host: hostname.replace(/^\[(.*)\]$/, "$1"),
    port: port === "" ? defaultPort(tls) : Number(port),
    tls,
    path: withoutSlash(pathname),
  };
};

const formatEndpoint = ({ host, port, tls, path }: S3Address): string =>
  `${tls ? "https" : "http"}://${urlHost(host) ?? host}${port === defaultPort(tls) ? "" : `:${port}`}${path}`;

const defaultPort = (tls: boolean): number => (tls ? 443 : 80);

/** The URL of a bucket; the keys of its objects follow after a slash. */
export const bucketUrl = (address: S3Address, bucket: string, pathStyle: boolean): string =>
  pathStyle ? `${formatEndpoint(address)}/${bucket}` : formatEndpoint({ ...address, host: `${bucket}.${address.host}` });

/** An invalid field, and a sentence about it. */
export interface InvalidField {
  readonly field: string;
  readonly sentence: string;
}

/**
 * Reads the endpoint of a bucket from its URL, from host, port and TLS, or from both if they agree.
 *
 * @returns no `endpoint` for AWS itself
 */
export const readEndpoint = (texts: VariableTexts, region: string): { readonly endpoint?: string } | InvalidField => {
  const { endpoint: url, host, port, tls } = texts;
  const [flag, address] = [tls === undefined ? true : readFlag(tls), url === undefined ? undefined : parseEndpoint(url)];
  if (url !== undefined && address === undefined)
    return { field: "endpoint", sentence: "must be an http or https URL without user, query or fragment" };
  if (host !== undefined && urlHost(host) === undefined)
    return { field: "host", sentence: "must be a host name or an IP address, without scheme, port or path" };
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535))
    return { field: "port", sentence: "must be a port from 1 to 65535" };
  if (flag === undefined) return { field: "tls", sentence: `must be ${FLAG_WORDS}` };
  if (address) {
    const differs = {
      host: host !== undefined && host.toLowerCase() !== address.host,
      port: port !== undefined && Number(port) !== address.port,
      tls: tls !== undefined && flag !== address.tls,
    };
    const [other] = Object.entries(differs).find(([, differ]) => differ) ?? [];
    if (other !== undefined) return { field: other, sentence: "contradicts {endpoint}" };
    return { endpoint: withoutSlash(url ?? "") };
  }
  if (host === undefined) {
    const given = port === undefined ? (tls === undefined ? undefined : "tls") : "port";
    return given === undefined ? {} : { field: "host", sentence: `must be set too, because {${given}} is` };
  }
  const parts = { host, port: port === undefined ? defaultPort(flag) : Number(port), tls: flag, path: "" };
  return isAws(parts, region) ? {} : { endpoint: formatEndpoint(parts) };
};

/** Removes trailing slashes in linear time. */
export const withoutSlash = (url: string): string => url.replace(/(?<!\/)\/+$/, "");

const isAws = ({ host, port, tls }: S3Address, region: string): boolean =>
  [awsAddress(region).host, "s3.amazonaws.com"].includes(host.toLowerCase()) && port === 443 && tls;
