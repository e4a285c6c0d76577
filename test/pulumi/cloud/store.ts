import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { Delivered, EntryRef, OpenRequest, OpenStore, Store, WrittenStore } from "../../../lib/pulumi/index";
import { Container, Version, type Cloud } from "./platform";
import { watched, type Watch } from "./watch";

/** One container for the deploy's values, and one for each setting whose credential a broker creates. */
export const cloudStore = (name: string, watch: Watch, changes: Partial<Store<Cloud>> = {}): Store<Cloud> =>
  watched(watch, "Store", {
    name,
    check: () => [],
    open: (request: OpenRequest) => watched(watch, "OpenStore", open(name, request, watch)),
    ...changes,
  });

const open = (store: string, { plan, group, entries, make }: OpenRequest, watch: Watch): OpenStore<Cloud> => {
  const { project, environment } = plan;
  const path = `${project}/${environment.name}/${group}`;
  assert.equal(new Set(entries.map(({ variable }) => variable)).size, entries.length, "each variable once");
  for (const { variable, secret, writer } of entries)
    assert.deepEqual([typeof variable, typeof secret, ["deploy", "broker"].includes(writer)], ["string", "boolean", true]);
  const own = make(Container, { path });
  const brokered = new Map(
    [...new Set(entries.flatMap(({ writer, setting }) => (writer === "broker" ? [setting] : [])))].map((setting) => [
      setting,
      make(Container, { path: `${path}/${setting}` }, { child: setting, stateful: true }),
    ]),
  );
  const containerOf = (variable: string) => {
    const entry = entries.find((one) => one.variable === variable) ?? assert.fail(`${group} has an entry ${variable}`);
    return { entry, container: entry.writer === "broker" ? (brokered.get(entry.setting) ?? assert.fail(entry.setting)) : own };
  };
  const referTo = (variable: string, version?: pulumi.Output<string>): EntryRef => ({
    store,
    id: containerOf(variable).container.id,
    key: variable,
    ...(version && { version }),
  });
  return {
    entry: (variable) => {
      assert.equal(containerOf(variable).entry.writer, "broker", `${variable} is written by the deploy, not by a broker`);
      return referTo(variable);
    },
    access: (consumer, variables) => {
      assert.ok("role" in consumer);
      const containers = new Map(variables.map((variable) => [containerOf(variable).container, containerOf(variable).entry] as const));
      return [...containers].map(([container, { writer, setting }]) => ({
        key: `entry ${path}${writer === "broker" ? `/${setting}` : ""}`,
        for: "start",
        type: "statement",
        allow: container.id,
      }));
    },
    write: (values) => {
      const expected = entries.flatMap(({ variable, writer }) => (writer === "deploy" ? [variable] : []));
      assert.deepEqual([...values.keys()].toSorted(), expected.toSorted(), "the values are exactly the deploy's entries");
      const version = make(
        Version,
        { container: own.id, values: pulumi.secret(Object.fromEntries(values)) },
        { child: "version", retainOnDelete: true, stateful: true },
      );
      const written: WrittenStore = {
        address: pulumi.output(`${store}://${path}`),
        delivered: entries.map(({ variable, writer }): Delivered => ({
          name: variable,
          by: "reference",
          entry: referTo(variable, writer === "deploy" ? version.id : undefined),
        })),
        ready: [version],
      };
      return watched(watch, "WrittenStore", written);
    },
  };
};
