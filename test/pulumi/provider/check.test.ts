import assert from "node:assert/strict";
import { z } from "zod";
import { checkInputs, propertyPath } from "../../../lib/pulumi/provider/check";
import { leaseInputs, processInputs } from "../../../lib/pulumi/provider/schemas";
import { UNKNOWN } from "../../../lib/pulumi/provider/marshal";
import { boxInputs } from "./harness";

const environment = { project: "shop", root: "/shop", name: "development" };
const failuresOf = (schema: z.ZodObject, news: object) =>
  checkInputs(schema, { ...news }).failures.map(({ property, reason }) => `${property}: ${reason}`);

describe("the check of inputs", () => {
  it("fills in the defaults, including nested ones", () => {
    assert.deepEqual(checkInputs(boxInputs, { name: "ab", inner: { port: 1 } }), {
      inputs: { name: "ab", size: 1, inner: { port: 1, words: [] }, words: [] },
      failures: [],
    });
  });

  it("reports problems in Pulumi's property notation", () => {
    const process = { environment: { ...environment, root: "shop" }, name: "web", command: [1], cwd: "/shop", variables: {}, port: 0 };
    assert.deepEqual(failuresOf(processInputs, process), [
      "environment.root: must be an absolute path",
      "command[0]: Invalid input: expected string, received number",
      "port: must be an integer from 1 to 65535",
    ]);
    assert.equal(propertyPath(["values", "a.b"]), 'values["a.b"]');
    assert.equal(propertyPath(["server", "port"]), "server.port");
  });

  it("reports an unknown property with the allowed ones", () => {
    const lease = {
      environment,
      server: { name: "redis", kind: "redis", prot: 1 },
      setting: "a.b",
      name: "a_b",
      options: {},
      colour: "red",
    };
    assert.deepEqual(failuresOf(leaseInputs, lease), [
      "server.prot: is not a valid property: allowed are name, kind, serverId, version, formerly, program, port",
      "colour: is not a valid property: allowed are environment, server, setting, formerly, name, options, forceDestroy",
    ]);
  });

  it("never reveals a value", () => {
    const secret = "hUnTeR2";
    const told = [
      ...failuresOf(processInputs, { environment, name: secret, command: secret, cwd: secret, variables: { A: [secret] }, health: secret }),
      ...failuresOf(leaseInputs, { environment: secret, server: [secret], setting: "", name: secret, options: secret }),
    ];
    assert.ok(told.length > 8);
    assert.ok(!told.join().includes(secret));
  });

  it("skips unknown values, and fills in the defaults beside them", () => {
    assert.deepEqual(checkInputs(boxInputs, { name: "ab", size: UNKNOWN, inner: { port: UNKNOWN } }), {
      inputs: { name: "ab", size: UNKNOWN, inner: { port: UNKNOWN }, words: [] },
      failures: [],
    });
    assert.deepEqual(failuresOf(boxInputs, { name: UNKNOWN, size: "many", inner: { port: UNKNOWN, words: 1 } }), [
      "size: Invalid input: expected number, received string",
      "inner.words: Invalid input: expected array, received number",
    ]);
    assert.deepEqual(failuresOf(boxInputs, { name: "ab", size: UNKNOWN, colour: UNKNOWN }), [
      "colour: is not a valid property: allowed are name, size, key, inner, words",
    ]);
    assert.deepEqual(failuresOf(boxInputs, { size: UNKNOWN }), ["name: Invalid input: expected string, received undefined"]);
  });

  it("skips checks of a whole property when a part of it is unknown", () => {
    const either = z.strictObject({ place: z.union([z.strictObject({ port: z.number() }), z.string().startsWith("/")]) });
    assert.deepEqual(failuresOf(either, { place: { port: UNKNOWN } }), []);
    assert.deepEqual(failuresOf(either, { place: { port: "x" } }), ["place: Invalid input"]);
  });
});
