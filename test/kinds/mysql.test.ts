import assert from "node:assert/strict";
import { fake, loadSync, mysqlUrl, settings } from "../../lib/index";
import { errorOf } from "../support/errors";

const PARTS = { host: "DB_HOST", port: "DB_PORT", username: "DB_USER", password: "DB_PASS", database: "DB_NAME", tls: "DB_SSL" } as const;

describe("the kind mysql", () => {
  it("provides a URL's parts", () => {
    const shared = settings("shared", { databaseUrl: mysqlUrl() });
    const url = "mysql://app:p%40ss@db.example.com/shop?ssl-mode=VERIFY_IDENTITY";
    const { databaseUrl: found } = loadSync(shared, { env: { DATABASE_URL: url } });
    assert.deepEqual(
      [found.host, found.port, found.username, found.password.reveal(), found.database, found.tls.mode, found.reveal()],
      ["db.example.com", 3306, "app", "p@ss", "shop", "verify-full", url],
    );
  });

  it("composes a URL from parts, in the client library's scheme", () => {
    const env = { DB_HOST: "db", DB_USER: "app", DB_PASS: "p@ss", DB_NAME: "shop", DB_SSL: "true" };
    const url = (scheme?: string) =>
      loadSync(settings("shared", { db: mysqlUrl({ ...(scheme !== undefined && { scheme }), variables: { url: false, ...PARTS } }) }), {
        env,
      }).db.reveal();
    assert.equal(url(), "mysql://app:p%40ss@db:3306/shop?ssl=%7B%22rejectUnauthorized%22%3Atrue%7D");
    assert.equal(url("mysql+pymysql"), "mysql+pymysql://app:p%40ss@db:3306/shop?ssl_verify_cert=true");
    assert.equal(url("mysql+mysqldb"), "mysql+mysqldb://app:p%40ss@db:3306/shop?ssl_mode=REQUIRED");
    assert.match(errorOf(() => url("mysql+aiomysql")).message, /a URL for aiomysql cannot ask for TLS without a CA file/);
    assert.equal(url("jdbc:mysql"), "jdbc:mysql://db:3306/shop?user=app&password=p%40ss&sslMode=VERIFY_IDENTITY");
  });

  it("rejects a scheme of another protocol", () => {
    assert.throws(() => settings("shared", { db: mysqlUrl({ scheme: "postgres" }) }), { code: "DECLARATION_INVALID" });
  });

  it("accepts one URL under two names, even in production", () => {
    const dub = settings("dub", { databaseUrl: mysqlUrl(), planetscaleDatabaseUrl: mysqlUrl() });
    const url = "mysql://app:Zk3vq81LmX0p@db/shop";
    const found = loadSync(dub, { env: { DATABASE_URL: url, PLANETSCALE_DATABASE_URL: url }, environment: "production" });
    assert.equal(found.planetscaleDatabaseUrl.reveal(), url);
  });

  it("is rejected in production with a placeholder password", () => {
    const shared = settings("shared", { databaseUrl: mysqlUrl() });
    const error = errorOf(() => loadSync(shared, { env: { DATABASE_URL: "mysql://app:changeme@db/shop" }, environment: "production" }));
    assert.match(error.message, /DATABASE_URL has a password that looks like a placeholder/);
  });

  it("has an example", () => {
    assert.equal(fake(settings("shared", { db: mysqlUrl() })).db.reveal(), "mysql://example:fake-secret@localhost:3306/example");
  });
});
