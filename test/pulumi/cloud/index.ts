import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { ProvisionedKind } from "../../../lib/kinds/provisioned";
import type { Delivered, Delivery, GrantRequest, KindFacts, Target, TargetFacts, WorkloadRequest } from "../../../lib/pulumi/index";
import { cloudCells } from "./cells";
import { Policy, Role, Rule, Task, type Cloud } from "./platform";
import { cloudSecrets } from "./secrets";
import { cloudStore } from "./store";
import { watched, type Watch } from "./watch";

export type { Cloud } from "./platform";
export { cloudStore } from "./store";
export { unread, type Watch } from "./watch";

export interface CloudOptions {
  /** Records which members of the contract were read. */
  readonly watch?: Watch;
  /** Whether a broker creates a key for each bucket; else the consumer's role grants access. */
  readonly bucketKeys?: boolean;
  /**
   * Who makes generated secrets.
   * @default "broker"
   */
  readonly generated?: "deploy" | "broker";
}

/** A strict remote target: it reads everything that the components pass to it, and asserts it. */
export const cloud = (
  changes: Partial<Target<Cloud>> = {},
  { watch = new Map(), bucketKeys = false, generated = "broker" }: CloudOptions = {},
): Target<Cloud> =>
  watched(watch, "Target", {
    facts: { ...cloudFacts(bucketKeys), generated },
    place: "account 1",
    cells: cloudCells(watch, bucketKeys),
    generate: cloudSecrets(watch, generated),
    store: cloudStore("cloud-secrets", watch),
    resolves: ["cloud-secrets"],
    refuses: () => undefined,
    check: () => [],
    checkReference: (reference: unknown) =>
      typeof reference === "object" && reference !== null && "address" in reference ? [] : [["lacks address", "give it"] as const],
    preflight: (plan, { parent }) => {
      assert.ok(pulumi.Resource.isInstance(parent));
      return pulumi.output([...plan.problems]);
    },
    transform: () => undefined,
    grant,
    workload,
    ...changes,
  });

const cloudFacts = (bucketKeys = false): TargetFacts => ({
  name: "cloud",
  store: "cloud-secrets",
  kinds: {
    postgres: { server: true, findsServer: true, credential: "broker", optionalFields: [] },
    redis: { server: true, findsServer: true, credential: "deploy", optionalFields: [] },
    bucket: bucketKeys
      ? { server: false, findsServer: false, credential: "broker", optionalFields: ["accessKeyId", "secretAccessKey"] }
      : { server: false, findsServer: false, credential: "identity", optionalFields: [] },
  } satisfies Readonly<Record<ProvisionedKind, KindFacts>>,
});

/** Creates one policy, and one rule for each server. */
const grant = ({ name, consumer, start, run, make }: GrantRequest<Cloud>): readonly pulumi.Resource[] => {
  assert.match(name, /^[a-z]/);
  const all = [...start, ...run];
  assert.equal(new Set(all.map(({ key }) => key)).size, all.length, "each key once");
  assert.ok(start.every((one) => one.for === "start") && run.every((one) => one.for === "run"));
  const allowed = (some: typeof all) => some.flatMap((one) => (one.type === "statement" ? [one.allow] : []));
  const policy = make(Policy, { role: consumer.role, start: allowed([...start]), run: allowed([...run]) });
  const rules = all.flatMap((one) =>
    one.type === "rule"
      ? [make(Rule, { from: consumer.network, to: one.server, port: one.port }, { child: one.key.replace("server ", "") })]
      : [],
  );
  return [policy, ...rules];
};

/** The variables of a task definition: plain values, references by id, key and version, and no secret values. */
const definitionOf = (variables: readonly Delivered[]) => ({
  environment: Object.fromEntries(
    variables.flatMap((one) => {
      if (one.by === "reference") return [];
      assert.equal(one.secret, false, `${one.name} is secret: it must not be in a task definition`);
      return [[one.name, one.value]];
    }),
  ),
  secrets: Object.fromEntries(
    variables.flatMap((one) =>
      one.by === "reference"
        ? [[one.name, pulumi.all([one.entry.id, one.entry.key, one.entry.version]).apply((parts) => parts.join(":"))]]
        : [],
    ),
  ),
});

const workload = (request: WorkloadRequest<Cloud>) => {
  const { plan, name, command, image, port, health, cwd, env, reads, grant: admit, make } = request;
  assert.equal(cwd, undefined, "an image has its own folder");
  const role = make(Role, { environment: plan.environment.name }, { child: "role", stateful: false });
  const consumer = { role: role.id, network: pulumi.output(`network-of-${name}`) };
  const admitted = admit(consumer);
  const variables = reads.flatMap((read: Delivery<Cloud>) => read.variables);
  const names = [...variables.map((one) => one.name), ...Object.keys(env)].filter((one) => one !== "ENDOW_ENVIRONMENT");
  assert.equal(new Set(names).size, names.length, "a process has each variable once");
  make(
    Task,
    {
      command: [...command],
      image: image?.(),
      port,
      health,
      role: role.id,
      ...definitionOf(variables),
      env,
      groups: reads.map(({ group }) => group),
      revision: pulumi.all(reads.map(({ revision }) => revision)).apply((all) => all.join("-")),
    },
    { stateful: false, dependsOn: [...admitted, ...reads.flatMap(({ ready }) => ready)] },
  );
  return { consumer, url: pulumi.output(port === undefined ? undefined : `https://${name}.cloud.example`) };
};
