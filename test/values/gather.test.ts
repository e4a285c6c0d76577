import assert from "node:assert/strict";
import { z } from "zod";
import { bucket, loadSync, secret, setting, settings } from "../../lib";
import { errorOf, told } from "../support/errors";

describe("the order of sources", () => {
  const group = settings("shared", {
    main: secret({ alias: ["SECOND", "THIRD"] }).optional(),
    other: secret({ fallback: "main", alias: "OTHER_ALIAS" }).optional(),
    level: setting(z.string(), { fallback: "base" }),
    base: z.string().default("default"),
    own: setting(z.string().default("own default"), { fallback: "base" }),
    far: setting(z.string(), { fallback: "level" }),
  });
  const values = (given: Record<string, string>) => {
    const { main, other, level, own, far } = loadSync(group, { env: given });
    return { main: main?.reveal(), other: other?.reveal(), level, own, far };
  };

  it("is own name, aliases in turn, fallback, default", () => {
    const all = { MAIN: "1", SECOND: "2", THIRD: "3" };
    assert.equal(values(all).main, "1");
    assert.equal(values({ ...all, MAIN: "" }).main, "2");
    assert.equal(values({ THIRD: "3" }).main, "3");
    assert.equal(values(all).other, "1");
    assert.equal(values({ THIRD: "3" }).other, "3");
    assert.equal(values({ ...all, OTHER_ALIAS: "4" }).other, "4");
    assert.equal(values({ ...all, OTHER_ALIAS: "4", OTHER: "5" }).other, "5");
    assert.equal(values({}).other, undefined);
  });

  it("ends with the setting's own default, else that of its fallback", () => {
    assert.deepEqual([values({}).level, values({}).own, values({}).far], ["default", "own default", "default"]);
    const given = values({ BASE: "given" });
    assert.deepEqual([given.level, given.own, given.far], ["given", "given", "given"]);
    assert.deepEqual([values({ LEVEL: "up" }).far, values({ LEVEL: "up" }).own], ["up", "own default"]);
  });

  it("never mixes the variables of one value", () => {
    const buckets = settings("shared", { uploads: bucket({ alias: "OLD", fallback: "files" }), files: bucket() });
    const load = (given: Record<string, string>) => loadSync(buckets, { env: given }).uploads.name;
    const files = { FILES_BUCKET: "files", FILES_REGION: "eu" };
    const old = { OLD_BUCKET: "old", OLD_REGION: "eu" };
    assert.equal(load({ ...files, ...old }), "old");
    assert.equal(load(files), "files");
    assert.deepEqual(told(errorOf(() => load({ ...files, ...old, UPLOADS_REGION: "eu" }))), [
      "SETTING_INCOMPLETE UPLOADS_BUCKET must be set too, because UPLOADS_REGION is",
    ]);
    assert.deepEqual(told(errorOf(() => load({ ...files, OLD_BUCKET: "old" }))), [
      "SETTING_INCOMPLETE OLD_REGION must be set too, because OLD_BUCKET is",
    ]);
  });

  it("reports a problem with a shared value once, under the variable it came from", () => {
    const two = settings("shared", { a: secret(z.string().min(9)), b: secret(z.string().min(9), { fallback: "a" }) });
    assert.deepEqual(told(errorOf(() => loadSync(two, { env: { A: "x" } }))), ["SETTING_INVALID A must have at least 9 characters"]);
    assert.deepEqual(told(errorOf(() => loadSync(two, { env: {} }))), ["SETTING_MISSING A must be configured"]);
  });
});
