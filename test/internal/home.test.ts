import assert from "node:assert/strict";
import { userInfo } from "node:os";
import path from "node:path";
import { inHome } from "../../lib/internal/home";
import { withEnvironment } from "../support/with-environment";

const request = { what: "servers and their data", place: ".local/state", variable: "XDG_STATE_HOME" };

describe("the user's home", () => {
  const withHome = (HOME: string | undefined) => {
    const restore = withEnvironment({ HOME });
    try {
      return inHome(request);
    } finally {
      restore();
    }
  };

  it("is $HOME", () => assert.equal(withHome("/a/home"), "/a/home/.local/state"));

  it("is what the system has for the user where that is not set, or is not an absolute path", () => {
    for (const home of [undefined, "", "relative", "./home"]) assert.equal(withHome(home), path.join(userInfo().homedir, ".local/state"));
  });
});
