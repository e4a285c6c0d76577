const NAME_OR_IPV4 = /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_.])?$/i;
const IPV6 = /^(?=[^:]*:)[0-9a-f:.]+$/i;

/** Formats a host for a URL: IPv6 compressed and in brackets. `undefined` if it is neither a DNS name nor an address. */
export const urlHost = (host: string): string | undefined => {
  if (NAME_OR_IPV4.test(host)) return host;
  const bracketed = `net://[${host}]`;
  return IPV6.test(host) && URL.canParse(bracketed) ? new URL(bracketed).hostname : undefined;
};
