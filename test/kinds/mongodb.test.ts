import assert from "node:assert/strict";
import { loadSync, mongodbUrl, settings } from "../../lib/index";
import { errorOf } from "../support/errors";

const shared = settings("shared", { mongoUrl: mongodbUrl({ variables: { username: "MONGO_USERNAME", password: "MONGO_PASSWORD" } }) });
const load = (env: Record<string, string>) => loadSync(shared, { env }).mongoUrl;

describe("the kind mongodb", () => {
  it("provides all hosts, the replica set and the authentication database", () => {
    const found = load({ MONGO_URL: "mongodb://app:p%40ss@a,b:27018/shop?replicaSet=rs0&authSource=users" });
    assert.deepEqual(
      found.hosts.map(({ host, port }) => `${host}:${port}`),
      ["a:27017", "b:27018"],
    );
    assert.deepEqual([found.database, found.replicaSet, found.authSource, found.password.reveal()], ["shop", "rs0", "users", "p@ss"]);
  });

  it("authenticates in the URL's database, else in admin", () => {
    assert.equal(load({ MONGO_URL: "mongodb://db/shop" }).authSource, "shop");
    assert.deepEqual(load({ MONGO_URL: "mongodb+srv://db.example.com" }).authSource, "admin");
    assert.equal(load({ MONGO_URL: "mongodb+srv://db.example.com" }).replicaSet, undefined);
  });

  it("accepts parts beside the URL if they agree", () => {
    const env = { MONGO_URL: "mongodb://root:ex%40mple@mongo:27017/?authSource=admin", MONGO_USERNAME: "root", MONGO_PASSWORD: "ex@mple" };
    assert.equal(load(env).reveal(), env.MONGO_URL);
    assert.match(
      errorOf(() => load({ ...env, MONGO_USERNAME: "other" })).message,
      /MONGO_USERNAME has a different user name from MONGO_URL/,
    );
  });

  it("is composed of parts", () => {
    const parts = settings("shared", { db: mongodbUrl({ variables: { url: false, host: "H", database: "D", tls: "T" } }) });
    assert.equal(loadSync(parts, { env: { H: "db", D: "shop", T: "1" } }).db.reveal(), "mongodb://db:27017/shop?tls=true");
  });
});
