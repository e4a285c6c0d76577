import assert from "node:assert/strict";
import { provisioned } from "../../lib/kinds/provisioned";
import { localFacts } from "../../lib/local/facts";

describe("this machine, as a plan sees it", () => {
  it("offers every kind on its own servers, with every field and with credentials created by the deployment", () => {
    assert.deepEqual(Object.keys(localFacts.kinds), Object.keys(provisioned));
    for (const [kind, { server, credential }] of Object.entries(localFacts.kinds))
      assert.deepEqual([server, credential], [true, "deploy"], kind);
    assert.deepEqual(localFacts.kinds["bucket"]?.optionalFields, ["endpoint", "accessKeyId", "secretAccessKey", "pathStyle", "publicUrl"]);
  });

  it("supports existing servers for kinds whose logins are created by statements", () => {
    const able = Object.entries(localFacts.kinds).flatMap(([kind, { findsServer }]) => (findsServer ? [kind] : []));
    assert.deepEqual(able, ["postgres"]);
  });
});
