import * as pulumi from "@pulumi/pulumi";
import type { FieldsOf } from "../../lib/kind";
import { mapKinds, type Provisioned, type ProvisionedKind } from "../../lib/kinds";
import type { Cell, Cells, Target } from "../../lib/pulumi/index";
import { fieldsLike } from "../support/each-kind";

/** Any resource of a cloud that nobody has. */
class Made extends pulumi.CustomResource {
  constructor(type: string, name: string, args: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    super(`cloud:index:${type}`, name, args, opts);
  }
}

const host = "db.cloud.example";

const cellFor = <N extends ProvisionedKind>(kind: N): Cell<object, FieldsOf<Provisioned[N]>> => ({
  // As on real clouds, a bucket has no server of its own.
  ...(kind !== "bucket" && {
    server: ({ server: { name, version }, environment, opts }) => ({
      resource: new Made("Server", name, { environment, version }, opts),
      address: { host, port: 1 },
      administrator: `administrator of ${name}`,
    }),
  }),
  lease: ({ resource: { id, name }, environment, opts }, server) => {
    const lease = new Made("Lease", id, { environment, name, administrator: server?.administrator }, opts);
    return {
      // Secrets are plain on purpose: that they are secret is the components' business.
      fields: fieldsLike(kind, { host, name, secret: "of-the-cloud-7Q2x" }),
      writer: "deploy",
      ready: [lease],
      admit: (consumer) => ({ statements: [{ allow: consumer.name, to: id }], rules: [] }),
    };
  },
});

export const cells = mapKinds<Cells>(cellFor);

/** A target that is not this machine: what the components know of targets is enough for it. Its store delivers no value, only an address. */
export const cloud = (changes: Partial<Target> = {}): Target => ({
  name: "cloud",
  cells,
  store: {
    name: "vault",
    deploy: ({ project, environment, group, entries, opts }) => {
      const values = pulumi.secret(Object.fromEntries(entries.map(({ variable, value }) => [variable, value])));
      const container = new Made("Container", group, { environment, values }, opts);
      return {
        address: pulumi.interpolate`vault://${project}/${environment}/${group}`,
        variables: pulumi.output<Record<string, string>>({}),
        ready: [container],
      };
    },
  },
  workload: ({ consumer: { name }, environment, command, image, port, variables, opts }) => {
    new Made("Service", name, { environment, command: [...command], image: image?.(), variables }, opts);
    return { url: pulumi.output(port === undefined ? undefined : `https://${name}.cloud.example`) };
  },
  ...changes,
});
