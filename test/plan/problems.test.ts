import assert from "node:assert/strict";
import { inspect } from "node:util";
import { z } from "zod";
import { redisUrl, secret, settings, type PlanRequest } from "../../lib/index";
import { told } from "../support/errors";
import { planned, shared } from "./shop";

describe("a plan's problems", () => {
  const problems = (request: Partial<PlanRequest>) => planned(request).problems.map(({ code, path }) => `${code} ${path}`);

  it("are empty for a valid request", () => assert.deepEqual(problems({ supplied: { API_KEYS: true } }), []));

  it("include names that cannot be part of an entry", () => {
    assert.deepEqual(problems({ project: "my/shop" }), ["PROJECT_NAME project"]);
    assert.deepEqual(problems({ environment: { name: "a/b", type: "test" } }), ["ENVIRONMENT_NAME environment"]);
    assert.deepEqual(
      problems({ groups: [settings("web-api", { a: z.string().optional() }), settings("webApi", { b: z.string().optional() })] }),
      ["GROUP_TWICE WEB_API"],
    );
  });

  it("include ids used by two settings", () => {
    const other = settings("other", { moved: secret({ formerly: ["shared.apiKeys"] }), again: redisUrl({ id: "x", formerly: ["x"] }) });
    assert.deepEqual(problems({ groups: [shared, other] }), ["ID_TWICE shared.apiKeys"]);
  });

  it("include unknown names", () => {
    const hosting = { "shared.nobody": "none", "shared.nowhere": "given", "shared.apiKeys": "none" } as const;
    assert.deepEqual(problems({ supplied: { NOBODY: true }, hosting }), [
      "EXISTING_UNKNOWN shared.nobody",
      "EXISTING_UNKNOWN shared.nowhere",
      "EXISTING_UNKNOWN shared.apiKeys",
      "SUPPLIED_UNKNOWN NOBODY",
    ]);
  });

  it("include values that load() would reject", () => {
    const result = planned({ supplied: { LLM_PROVIDER: "qzjw", UPLOADS_BUCKET: "mine" } });
    assert.deepEqual(told(result), [
      "SUPPLIED_INCOMPLETE UPLOADS_REGION must be supplied too, because UPLOADS_BUCKET is",
      'SUPPLIED_INVALID LLM_PROVIDER must be one of "openai", "local"',
    ]);
  });

  it("include secret values supplied in plaintext, without showing them", () => {
    const result = planned({ supplied: { OPENAI_API_KEY: "qzjw-xkvv" } });
    assert.deepEqual(
      result.problems.map(({ code, path }) => [code, path]),
      [["SUPPLIED_IN_CLEAR", "OPENAI_API_KEY"]],
    );
    assert.doesNotMatch(inspect(result, { depth: null }), /qzjw/);
  });

  it("leave an asynchronous check to load()", () => {
    const group = settings("a", { site: z.string().refine(async () => false) });
    assert.deepEqual(problems({ groups: [group], supplied: { SITE: "x" } }), []);
  });
});
