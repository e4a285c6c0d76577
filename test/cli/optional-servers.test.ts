import assert from "node:assert/strict";
import { dispensable } from "../../lib/cli/optional-servers";
import { type EndowError, fault } from "../../lib/errors";
import { postgresUrl, redisUrl, settings } from "../../lib";
import { plan } from "../../lib/plan";

const shared = settings("shared", { databaseUrl: postgresUrl(), queueUrl: redisUrl().optional() });
const planned = plan({ project: "shop", groups: [shared], environment: { name: "development", type: "development" } });
const serverOf = (setting: string) => planned.resources.find((resource) => resource.setting === setting)?.server ?? "";
const missing = (name: string) => ({ name, error: fault("SERVER_UNAVAILABLE", `${name} cannot be had`, "install it") });

describe("servers that failed to start", () => {
  const [database, queue] = [serverOf("shared.databaseUrl"), serverOf("shared.queueUrl")];

  it("are skipped if only optional settings live on them", () =>
    assert.deepEqual(
      dispensable(planned, [missing(queue)]).map(({ name }) => name),
      [queue],
    ));

  it("give the error of the only one that the app needs", () =>
    assert.throws(() => dispensable(planned, [missing(queue), missing(database)]), {
      code: "SERVER_UNAVAILABLE",
      message: `${database} cannot be had\n  fix: install it`,
    }));

  it("give one error that lists each problem once", () => {
    const full = fault("STATE_UNWRITABLE", "state.json cannot be written (ENOSPC)", "free some space on the disk");
    assert.throws(
      () => dispensable(planned, [missing(database), { name: queue, error: full }, { name: "another", error: full }]),
      (error: EndowError) => {
        assert.equal(error.code, "SERVERS_FAILED");
        assert.deepEqual(
          error.problems.map(({ code }) => code),
          ["SERVER_UNAVAILABLE", "STATE_UNWRITABLE"],
        );
        return true;
      },
    );
  });
});
