import assert from "node:assert/strict";
import { postgresUrl, settings } from "../../lib/index";
import { SettingsGroup } from "../../lib/pulumi/index";
import { cloud } from "./cloud";
import { deployed } from "./harness";

describe("a broker", () => {
  it("is told what to write for every variable of a credential: other forms, derived variables, and settings that fall back to it", async () => {
    const group = settings("orders", {
      main: postgresUrl({
        variables: { password: "DB_PASS", host: "DB_HOST" },
        derive: { JDBC: "jdbc:postgresql://{host}/?password={password}" },
      }),
      direct: postgresUrl({ fallback: "main", scheme: "postgresql+asyncpg" }),
    });
    const { engine } = await deployed(() => new SettingsGroup("orders", { group, target: cloud() }), { stack: "staging" });
    const { written } = engine.find("cloud:index:Lease", "orders.main").inputs;
    assert.deepEqual(
      (written as readonly { readonly key: string; readonly text: string }[]).map(({ key, text }) => [key, text]),
      [
        ["MAIN", "postgresql://example:***@localhost:5432/example"],
        ["DB_PASS", "***"],
        ["JDBC", "jdbc:postgresql://localhost/?password=***"],
        ["DIRECT", "postgresql+asyncpg://example:***@localhost:5432/example"],
      ],
    );
    assert.deepEqual(Object.keys(engine.find("cloud:index:Version", "orders-version").inputs["values"] as object), ["DB_HOST"]);
  });
});
