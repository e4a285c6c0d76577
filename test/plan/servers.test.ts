import assert from "node:assert/strict";
import { bucket, postgresUrl, redisUrl, settings, type Group } from "../../lib/index";
import { planned } from "./shop";

const serversOf = (group: Group) => planned({ groups: [group] }).servers.map(({ name, id, formerly }) => ({ name, id, formerly }));
const problemsOf = (group: Group) =>
  planned({ groups: [group] }).problems.flatMap(({ code, path }) => (code.startsWith("SERVER_") ? [`${code} ${path}`] : []));

describe("a planned server", () => {
  it("is named after its kind and id, regardless of its version", () => {
    const group = settings("a", {
      one: postgresUrl({ version: "18" }),
      two: postgresUrl({ server: "main" }),
      cache: redisUrl({ server: "cache" }),
      files: bucket({ server: { id: "files", formerly: ["bucket"] } }),
    });
    assert.deepEqual(serversOf(group), [
      { name: "postgres", id: "postgres", formerly: [] },
      { name: "postgres-main", id: "main", formerly: [] },
      { name: "redis-cache", id: "cache", formerly: [] },
      { name: "bucket-files", id: "files", formerly: ["bucket"] },
    ]);
  });

  it("has the version of the setting that requests one", () => {
    const group = settings("a", {
      one: redisUrl({ server: "x" }),
      two: postgresUrl({ version: "16" }),
      three: postgresUrl({ version: "16" }),
    });
    assert.deepEqual(
      planned({ groups: [group] }).servers.map(({ version, settings: on }) => [version, on]),
      [
        [undefined, ["a.one"]],
        ["16", ["a.two", "a.three"]],
      ],
    );
  });

  it("cannot have two versions: the fix is a second id", () => {
    const group = settings("a", { one: postgresUrl({ version: "17" }), two: postgresUrl({ version: "18" }) });
    assert.deepEqual(problemsOf(group), ["SERVER_VERSIONS a.two"]);
    const apart = settings("a", { one: postgresUrl({ version: "17" }), two: postgresUrl({ version: "18", server: "postgres-18" }) });
    assert.deepEqual(problemsOf(apart), []);
  });

  it("is not shared if its kind cannot isolate settings", () => {
    const group = settings("a", { one: redisUrl({ server: "main" }), two: redisUrl({ server: "main" }) });
    assert.deepEqual(problemsOf(group), ["SERVER_NOT_SHARED a.two"]);
  });

  it("has unique names, including former ones", () => {
    const group = settings("a", { one: postgresUrl(), two: postgresUrl({ server: { id: "main", formerly: ["postgres"] } }) });
    assert.deepEqual(problemsOf(group), ["SERVER_ID_TWICE a.two"]);
  });

  it("has a unique name where two ids give the same one", () => {
    const group = settings("a", { one: postgresUrl({ server: "a-b" }), two: postgresUrl({ server: "a_b" }) });
    assert.deepEqual(problemsOf(group), ["SERVER_ID_TWICE a.two"]);
  });

  it("rejects an invalid id", () => {
    assert.throws(() => settings("a", { one: postgresUrl({ server: "Main!" }) }), /1 to 31 characters of a-z/);
  });
});
