import assert from "node:assert/strict";
import { redactor } from "../../lib/workspace/redact";

describe("redaction of third-party messages", () => {
  const redact = redactor([
    ["API_KEY", "sk-12345"],
    ["API_KEY_LONG", "sk-12345-and-more"],
    ["DATABASE_URL", "postgresql://u:hunter22@localhost/d"],
    ["MODE", "development"],
    ["PIN_SECRET", "1"],
    ["EMPTY_SECRET", undefined],
  ]);

  it("masks values with secret-sounding names and passwords in URLs, the longest first", () => {
    assert.equal(redact("sk-12345-and-more sk-12345 hunter22 postgresql://u:hunter22@localhost/d"), "*** *** *** ***");
  });

  it("leaves ordinary values and those too short to distinguish from words", () => {
    assert.equal(redact("1 development"), "1 development");
  });
});
