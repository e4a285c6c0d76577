import assert from "node:assert/strict";
import { assertNode } from "../../lib/cli/assert-node";

describe("assertNode", () => {
  it("accepts Node", () => assertNode());

  for (const name of ["bun", "deno"])
    it(`rejects ${name}, and says what to run instead`, () =>
      assert.throws(() => assertNode({ ...process.versions, [name]: "1.2.3" }), {
        code: "NOT_NODE",
        message: new RegExp(`this is ${name} 1\\.2\\.3\\n.*npx endow dev -- ${name}`),
      }));
});
