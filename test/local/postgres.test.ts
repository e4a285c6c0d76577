import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { formatPostgresUrl } from "../../lib/connection/postgres";
import { postgres } from "../../lib/local/postgres";
import { dataFolder } from "../../lib/local/postgres/programs";
import type { RunningService } from "../support/run-service";
import { localServer, options, sql, start, takeConnections, temporaryFolder } from "../support/postgres-server";

for (const version of ["14", "15", "16", "17", "18"] as const) {
  describe(`PostgreSQL ${version} on this machine`, () => {
    let home: Awaited<ReturnType<typeof temporaryFolder>>;
    let running: RunningService | undefined;
    before(async () => {
      home = await temporaryFolder();
    });
    after(async () => {
      await running?.stop();
      await home.remove();
    });

    it("starts from an empty folder in the requested version and gives a setting its own database", async () => {
      const server = await localServer(home.folder, version);
      running = await start(server);
      const fields = await postgres.lease(server, {
        id: "shop.databaseUrl",
        name: "shop_database_url",
        options: options({ version, extensions: ["pgcrypto", "pg_stat_statements"] }),
      });

      const [row] = await sql(
        fields,
        "select current_user, current_database(), current_setting('server_version') as version, upper('é') as upper",
      );
      assert.equal(row?.["current_user"], "shop_database_url_owner");
      assert.equal(row?.["current_database"], "shop_database_url");
      assert.match(String(row?.["version"]), new RegExp(`^${version}\\.`));
      const free = await takeConnections(formatPostgresUrl(fields, "postgresql"));
      await postgres.ready(server);
      await postgres.lease(server, { id: "shop.lateUrl", name: "shop_late_url", options: options({ version }) });
      await free();
      await sql(fields, "create table orders (id int primary key, note text)");
      await sql(fields, "insert into orders values (1, $1)", ["naïve – “quoted” 🐘"]);
      assert.deepEqual(await sql(fields, "select * from orders"), [{ id: 1, note: "naïve – “quoted” 🐘" }]);
      const extensions = await sql(fields, "select extname from pg_extension where extname <> 'plpgsql' order by 1");
      assert.deepEqual(extensions, [{ extname: "pg_stat_statements" }, { extname: "pgcrypto" }]);
      const shared = await readdir(path.join(dataFolder(server), "pg_dynshmem"));
      assert.ok(shared.length > 0, "its shared memory is in the data folder, so it is deleted with it even after kill -9");
    });
  });
}
