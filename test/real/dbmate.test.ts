import assert from "node:assert/strict";
import { makeApp, nodePackages, type RealApp } from "./support";

const files = {
  // lib/pq, which dbmate connects with, asks for TLS unless the URL says otherwise.
  "settings.ts": `import { postgresUrl, settings } from "endow";
export const crm = settings("crm", { databaseUrl: postgresUrl({ scheme: "postgres", params: { sslmode: "disable" } }) });
`,
  "db/migrations/20260101000000_customers.sql": `-- migrate:up
create table customers (id bigint generated always as identity primary key, name text not null);

-- migrate:down
drop table customers;
`,
};

describe("dbmate, a program with lib/pq", () => {
  let app: RealApp | undefined;

  before(async function () {
    app = makeApp(files, await nodePackages(this, "node"));
  });
  after(() => app?.clean());

  it("migrates up and down without TLS, as `params` says", async () => {
    assert.ok(app);
    const dbmate = (...args: readonly string[]) => app?.dev(["dbmate", "--no-dump-schema", ...args]) ?? assert.fail();
    assert.match(await dbmate("up"), /Applied: 20260101000000_customers\.sql/);
    assert.match(await dbmate("status"), /Applied: 1\s+Pending: 0/);
    assert.match(await dbmate("down"), /Rolled back: 20260101000000_customers\.sql/);
    assert.match(await dbmate("status"), /Applied: 0\s+Pending: 1/);
  });
});
