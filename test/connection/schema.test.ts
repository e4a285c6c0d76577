import assert from "node:assert/strict";
import { inspect } from "node:util";
import { postgresProtocol } from "../../lib/connection/postgres";
import { parseUrl } from "../../lib/connection/parse";
import { connectionSchema } from "../../lib/connection/schema";

const schema = connectionSchema((texts) => parseUrl(texts[""] ?? "", postgresProtocol));

describe("a connection's schema", () => {
  it("returns a connection", () => {
    assert.equal(schema.parse({ "": "postgres://db/shop" }).host, "db");
  });

  it("reports a message that follows the variable's name, and a fix", () => {
    const issues = schema.safeParse({ "": "postgres://app:opensesame@db" }).error?.issues ?? [];
    assert.equal(issues.length, 1);
    const [issue] = issues;
    assert.equal(issue?.code, "custom");
    assert.equal(issue.message, "must name a database after the host");
    assert.equal(issue.params?.["sentence"], issue.message);
    assert.equal(issue.params?.["fix"], "add it: /DATABASE");
  });

  it("never shows the value, even with zod's reportInput", () => {
    const { error } = schema.safeParse({ "": "postgres://app:opensesame@db" }, { reportInput: true });
    assert.ok(error);
    assert.doesNotMatch(inspect(error, { depth: null, showHidden: true }) + JSON.stringify(error.issues), /opensesame/);
  });
});
