import assert from "node:assert/strict";
import { provisioned } from "../../lib/kinds/provisioned";
import { localFacts } from "../../lib/local/facts";

describe("this machine, as a plan sees it", () => {
  it("offers every kind, with servers of its own, whose credentials the deploy makes and of which every field is there", () => {
    assert.deepEqual(Object.keys(localFacts.kinds), Object.keys(provisioned));
    for (const [kind, { server, credential }] of Object.entries(localFacts.kinds))
      assert.deepEqual([server, credential], [true, "deploy"], kind);
    assert.deepEqual(localFacts.kinds["bucket"]?.optionalFields, ["endpoint", "accessKeyId", "secretAccessKey"]);
  });

  it("makes on a server that is there already what has logins by statements", () => {
    const able = Object.entries(localFacts.kinds).flatMap(([kind, { findsServer }]) => (findsServer ? [kind] : []));
    assert.deepEqual(able, ["postgres"]);
  });
});
