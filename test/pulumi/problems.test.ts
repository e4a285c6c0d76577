import assert from "node:assert/strict";
import { inspect } from "node:util";
import { refusalError } from "../../lib/pulumi/problems";

const problem = { code: "APP_INVALID", path: "apps.web", message: "the port is none", fix: "give one at node: /@pulumi/" };

describe("a component's error", () => {
  it("shows only the program's own lines, from the one that created the component", () => {
    const component = () => refusalError("shop cannot be deployed:", [problem], component);
    const program = () => component();
    const lines = (program().stack ?? "").split("\n").filter((line) => line.startsWith("    at "));
    assert.match(lines[0] ?? "", /program/);
    assert.ok(lines.every((line) => !line.includes("node:")));
  });

  it("is printed completely and without delay, although Pulumi's own source maps refer to files that are not in any package", () => {
    Error.prepareStackTrace = ({ message }) =>
      `Error: ${message}\n    at file:///app/index.ts:1:2\n    at Stack.run (/app/node_modules/@pulumi/resource.ts:1598:22)`;
    try {
      const printed = inspect(
        refusalError("shop cannot be deployed:", [problem], () => undefined),
        { colors: true },
      );
      assert.match(printed, /the port is none[\s\S]*give one at node: \/@pulumi\/[\s\S]*index\.ts/);
      assert.doesNotMatch(printed, /resource\.ts/);
    } finally {
      Reflect.deleteProperty(Error, "prepareStackTrace");
    }
  });
});
