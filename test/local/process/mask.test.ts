import assert from "node:assert/strict";
import { maskOf } from "../../../lib/local/process/mask";

describe("a mask of variables", () => {
  it("covers values, their lines and the passwords of URLs, and lets the rest be", () => {
    const mask = maskOf({
      KEY: "abcdef",
      LONGER: "abcdefgh",
      PEM: "-----BEGIN\nMIIB\n",
      DATABASE_URL: "postgresql://app:p%40ss@127.0.0.1:5432/app",
      ODD_URL: "redis://app:100%@127.0.0.1",
      FLAG: "1",
    });
    assert.equal(mask("abcdefgh abcdef MIIB p%40ss p@ss 100% 1 done"), "*** *** *** *** *** *** 1 done");
  });
});
