import assert from "node:assert/strict";
import { z } from "zod";
import { postgresUrl, redisUrl, secret, settings } from "../../lib/index";
import { offeringAll } from "../../lib/plan/facts";
import { told } from "../support/errors";
import { planned, shared } from "./shop";

describe("planned grants", () => {
  const web = settings.extend(shared, "web", { sessionSecret: secret() });
  const batch = settings("batch", { queueUrl: redisUrl() });

  it("give a consumer only the groups that it names", () => {
    const { grants, problems } = planned({
      groups: [shared, web, batch],
      consumers: { web: [web], worker: [batch] },
      supplied: { SESSION_SECRET: true, API_KEYS: true },
    });
    assert.deepEqual(problems, []);
    assert.deepEqual(grants[1], {
      consumer: "worker",
      groups: ["batch"],
      entries: ["shop/production/batch"],
      variables: ["QUEUE_URL"],
    });
    assert.deepEqual(grants[0]?.entries, ["shop/production/shared", "shop/production/shared/supplied", "shop/production/web/supplied"]);
    assert.ok(!grants[0]?.variables.includes("QUEUE_URL"));
  });

  it("list an entry with several variables once, regardless of its writer", () => {
    const target = offeringAll("cloud", "vault", () => ({ server: true, findsServer: true, credential: "broker" }));
    assert.deepEqual(planned({ target, supplied: { API_KEYS: true } }).grants[0]?.entries, [
      "shop/production/shared/databaseUrl",
      "shop/production/shared/redisUrl",
      "shop/production/shared",
      "shop/production/shared/uploads",
      "shop/production/shared/supplied",
    ]);
  });

  it("default to one consumer of everything", () => {
    assert.deepEqual(
      planned({ groups: [shared, batch] }).grants.map(({ consumer, groups }) => [consumer, groups]),
      [["app", ["shared", "batch"]]],
    );
  });

  it("distinguish settings that share one schema object", () => {
    const text = z.string();
    const pair = settings("pair", { first: text, second: text });
    const { grants } = planned({ groups: [pair], supplied: { FIRST: "1", SECOND: "2" } });
    assert.deepEqual(grants[0]?.variables, ["FIRST", "SECOND"]);
  });

  it("reject a group that is not in the plan, and two values for one variable", () => {
    assert.deepEqual(told(planned({ consumers: { web: [batch] } })), [
      'GROUP_UNKNOWN consumer "web" reads group "batch", which is not part of the plan',
    ]);
    const clash = settings("clash", { other: postgresUrl({ env: "DATABASE_URL" }) });
    assert.deepEqual(told(planned({ groups: [shared, clash] })), [
      'VARIABLE_CLASH consumer "app" would get DATABASE_URL from shared.databaseUrl and from clash.other',
    ]);
    assert.deepEqual(told(planned({ groups: [shared, clash], consumers: { a: [shared], b: [clash] } })), []);
  });
});
