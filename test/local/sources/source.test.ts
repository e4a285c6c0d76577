import assert from "node:assert/strict";
import { type EndowError, fault } from "../../../lib/errors";
import type { Program } from "../../../lib/local/recipe";
import { firstOf, type Source, SourceError } from "../../../lib/local/sources";
import { quiet } from "../../support/local-server";

const program = (source: string): Program => ({ path: `/${source}`, version: "7.0", source, environment: {} });
const has = (name: string): Source => ({ name, find: () => Promise.resolve(program(name)) });
const lacks = (name: string, fix?: string): Source => ({
  name,
  find: () => Promise.resolve({ reason: `${name} is not here`, ...(fix !== undefined && { fix }) }),
});
const fetches = (name: string, fetch: NonNullable<Source["fetch"]>): Source => ({ name, find: () => Promise.resolve(undefined), fetch });
const fails = (error: Error): Source => ({ name: "failing", find: () => Promise.reject(error) });

const failure = async (sources: Source[], version?: string): Promise<EndowError> => {
  try {
    await firstOf("Redis", sources, { ...quiet, ...(version !== undefined && { version }) });
  } catch (error) {
    return error as EndowError;
  }
  throw new Error("a program was found");
};

describe("the first source that has a program", () => {
  it("provides it, and later ones are not tried", async () => {
    const untouched: Source = { name: "untouched", find: () => Promise.reject(new Error("asked")) };
    assert.equal((await firstOf("Redis", [lacks("a"), has("b"), untouched], quiet)).source, "b");
  });

  it("is downloaded from only if nothing is on this machine yet", async () => {
    const network = fetches("network", () => Promise.reject(new Error("fetched")));
    assert.equal((await firstOf("Redis", [network, has("kept")], quiet)).source, "kept");
    assert.equal((await firstOf("Redis", [fetches("network", () => Promise.resolve(program("network")))], quiet)).source, "network");
  });
});

describe("a program that no source has", () => {
  it("is an error with every reason in order, and the first command that would install it", async () => {
    const error = await failure([lacks("a"), lacks("b", "brew install redis"), lacks("c", "go install redis")]);
    assert.equal(error.code, "SERVER_UNAVAILABLE");
    assert.equal(
      error.message,
      "no program for Redis was found on this machine\n  - a: a is not here\n  - b: b is not here\n  - c: c is not here\n  fix: brew install redis",
    );
  });

  it("in the requested version is an error whose fix lists the available versions", async () => {
    const other: Source = { name: "a", find: () => Promise.resolve({ reason: "it has version 7.0.15, not 8", version: "7.0.15" }) };
    const error = await failure([other, lacks("b", "brew install redis")], "8");
    assert.equal(error.problems[0]?.fix, "request version 7.0.15, or install Redis 8 and run `endow dev --program <server>=<path>`");
  });

  it("is an error that lists a source's error as its reason, with the fix of a failed download", async () => {
    const broken = fetches("network", () => Promise.reject(new SourceError("no route", "plug it in")));
    const error = await failure([fails(Object.assign(new Error("no space left"), { code: "ENOSPC" })), broken]);
    assert.match(error.message, /- failing: no space left\n {2}- network: no route/);
    assert.equal(error.problems[0]?.fix, "plug it in");
  });

  it("is an error that names the server for `--program` if no command would install it", async () => {
    const broken = fetches("network", () => Promise.reject(new SourceError("no route")));
    await assert.rejects(firstOf("versitygw", [broken], { ...quiet, server: "bucket" }), {
      message: /fix: install versitygw and run `endow dev --program bucket=<path>`$/,
    });
  });

  it("does not hide an altered download behind another source", async () => {
    const altered = fetches("network", () => Promise.reject(fault("DOWNLOAD_ALTERED", "another file", "find out why")));
    const next = fetches("next", () => Promise.resolve(program("next")));
    await assert.rejects(firstOf("Redis", [altered, next], quiet), { code: "DOWNLOAD_ALTERED" });
  });

  it("does not hide a bug in a source", async () => {
    await assert.rejects(firstOf("Redis", [fails(new TypeError("undefined is not a function")), has("b")], quiet), TypeError);
  });

  it("stops at once when the caller aborts", async () => {
    const signal = AbortSignal.abort(new Error("given up"));
    await assert.rejects(firstOf("Redis", [fails(new SourceError("interrupted")), has("b")], { ...quiet, signal }), /given up/);
  });
});
