import * as pulumi from "@pulumi/pulumi";
import type { FieldsOf } from "../../lib/kind";
import type { Provisioned, ProvisionedKind } from "../../lib/kinds";
import type { Cell, Cells, Target } from "../../lib/pulumi/index";

/** Any resource of a cloud that nobody has. */
class Made extends pulumi.CustomResource {
  constructor(type: string, name: string, args: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    super(`cloud:index:${type}`, name, args, opts);
  }
}

const host = "db.cloud.example";
const tls = { mode: "verify-full" } as const;

/** Passwords are plain on purpose: that they are secret is the components' business. */
const fields: { readonly [N in ProvisionedKind]: FieldsOf<Provisioned[N]> } = {
  bucket: { bucket: "shop-uploads", region: "eu-west-1" },
  postgres: { host, port: 5432, database: "shop", username: "shop_app", password: "of-the-cloud-database", tls },
  redis: { host, port: 6379, database: 0, username: "shop_app", password: "of-the-cloud-cache", tls },
};

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
      fields: fields[kind],
      writer: "deploy",
      ready: [lease],
      admit: (consumer) => ({ statements: [{ allow: consumer.name, to: id }], rules: [] }),
    };
  },
});

export const cells: Cells = { bucket: cellFor("bucket"), postgres: cellFor("postgres"), redis: cellFor("redis") };

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
