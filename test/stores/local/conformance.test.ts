import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { localStore } from "../../../lib/stores/local/deploy";
import { describeStore } from "../../conformance/store";

describeStore({
  name: "local",
  store: ({ app }) => localStore(app),
  consumer: { process: "web" },
  others: false,
  additional: ({ run }) => {
    it("keeps them in a file that only this user can access", () =>
      run(async (deploy) => {
        const address = await deploy({ SITE: { secret: false, text: "Shop" } });
        assert.equal(statSync(address).mode & 0o777, 0o600);
      }));
  },
});
