import assert from "node:assert/strict";
import { formatUrl, type UrlParts } from "../../lib/connection/format";

const given: UrlParts = { scheme: "postgresql", host: "db", port: 5432, username: "app", password: "word", database: "shop" };

describe("formatting a connection URL", () => {
  it("omits the path if the protocol has no databases", () => {
    assert.equal(
      formatUrl({ scheme: "nats", host: "localhost", port: 4222, username: "app", password: "pass" }),
      "nats://app:pass@localhost:4222",
    );
  });

  it("encodes all characters except unreserved ones", () => {
    assert.equal(
      formatUrl({ ...given, username: "a-._~Z9", password: "@:/?#[]!$&'()*+,;=% \"é" }),
      "postgresql://a-._~Z9:%40%3A%2F%3F%23%5B%5D%21%24%26%27%28%29%2A%2B%2C%3B%3D%25%20%22%C3%A9@db:5432/shop",
    );
  });

  it("compresses IPv6 addresses and puts them in brackets", () => {
    assert.match(formatUrl({ ...given, host: "0:0:0:0:0:0:0:1" }), /@\[::1\]:5432/);
  });

  it("omits parameters without a value", () => {
    assert.match(formatUrl({ ...given, parameters: { a: undefined, b: "x y" } }), /\/shop\?b=x%20y$/);
  });

  it("omits a user name or password that is empty", () => {
    const started = (wrong: Partial<UrlParts>) => formatUrl({ ...given, ...wrong }).slice("postgresql://".length, -"db:5432/shop".length);
    assert.equal(started({ username: "", password: "" }), "");
    assert.equal(started({ password: "" }), "app@");
    assert.equal(started({ username: "" }), ":word@");
  });

  it("writes the path of a socket if clients accept it", () => {
    assert.match(formatUrl({ ...given, host: "/run/my db", sockets: true }), /@%2Frun%2Fmy%20db:5432\/shop$/);
  });

  const refused: readonly [string, Partial<UrlParts>][] = [
    ["an empty host", { host: "" }],
    ["a host with a port", { host: "db:5432" }],
    ["a host in brackets", { host: "[::1]" }],
    ["an IPv6 zone", { host: "fe80::1%eth0" }],
    ["a host with a user", { host: "evil@db" }],
    ["a socket file", { host: "/var/run/postgresql" }],
    ["several hosts", { host: "a,b" }],
    ["a host in another script", { host: "höst" }],
    ["a host of 254 characters", { host: "a".repeat(254) }],
    ["port 0", { port: 0 }],
    ["port 65536", { port: 65_536 }],
    ["a port with a fraction", { port: 1.5 }],
    ["a password with NUL", { password: "sesame\0" }],
    ["a password with a lone surrogate", { password: "sesame\uD800" }],
    ["a parameter with NUL", { parameters: { sslrootcert: "/a\0" } }],
  ];
  for (const [what, wrong] of refused) {
    it(`rejects ${what} without quoting it`, () => {
      assert.throws(
        () => formatUrl({ ...given, ...wrong }),
        (error: Error & { code?: string }) => error.code === "CONNECTION_FIELD_INVALID" && !error.message.includes("sesame"),
      );
    });
  }
});
