import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { bindKind } from "../../../lib/bound-kind";
import { postgresKind } from "../../../lib/kinds/postgres";
import type { Cell, Cells, Lease as Leased } from "../../../lib/pulumi/index";
import { composed } from "../../../lib/values/written";
import type { OptionsOf, PublicFieldsOf, SecretFieldsOf } from "../../../lib/kind";
import type { Provisioned, ProvisionedKind } from "../../../lib/kinds/provisioned";
import { Bucket, BucketPolicy, Lease, Server, type Cloud } from "./platform";
import { watched, type Watch } from "./watch";

type CellOf<N extends ProvisionedKind, S = unknown> = Cell<
  OptionsOf<Provisioned[N]>,
  PublicFieldsOf<Provisioned[N]>,
  SecretFieldsOf<Provisioned[N]>,
  Cloud,
  S
>;

interface CloudServer {
  readonly id: pulumi.Output<string>;
  readonly address: pulumi.Output<string>;
  readonly administrator: pulumi.Output<string>;
}

const tls = { mode: "verify-full" } as const;
const rule = (server: string, id: pulumi.Input<string>, port: number) =>
  ({ key: `server ${server}`, for: "run", type: "rule", server: id, port }) as const;

const serverCell = (madeOf: string) => ({
  server: ({ plan, server, make }: Parameters<NonNullable<CellOf<"postgres">["server"]>>[0]): CloudServer => {
    assert.ok(plan.servers.includes(server));
    const made = make(Server, { version: server.version, size: plan.profile.size });
    // A server's children hold no data.
    const users = make(Server, { of: made.id }, { child: "users", dependsOn: [made] });
    return {
      id: made.id,
      address: pulumi.interpolate`${server.name}.cloud.example`,
      administrator: pulumi.interpolate`administrator-of-${users.id}`,
    };
  },
  madeOf: () => madeOf,
  find: ({ address, administrator }: Cloud["Reference"], { server }: { readonly server: string }): CloudServer => ({
    id: pulumi.output(server),
    address: pulumi.output(address),
    administrator: pulumi.output(administrator),
  }),
  reference: ({ address, administrator }: CloudServer): Cloud["Reference"] => ({ address, administrator }),
});

/** A broker creates the login where the server runs, and writes the setting's entry: neither program nor state contains the password. */
const postgres = (watch: Watch): CellOf<"postgres", CloudServer> =>
  watched(watch, "Cell", {
    check: () => [],
    ...serverCell("instance"),
    lease: ({ plan, resource, options, server, entries, make }) => {
      assert.deepEqual([plan.resources.includes(resource), resource.options], [true, options]);
      const written = entries.map(({ variable, content, entry: { store, id, key, version } }) => {
        assert.deepEqual([key, version], [variable, undefined], "others rotate it: it is not pinned");
        // What the broker writes for a credential that it made.
        const kind = bindKind(postgresKind, content.options as OptionsOf<typeof postgresKind>);
        const text = composed(kind, content, { ...postgresKind.exampleFields, password: "of-the-broker" });
        return { store, id, key, text: text?.replace("of-the-broker", "***") };
      });
      const made = make(Lease, { verb: "ensure", name: resource.name, administrator: server.administrator, written });
      return watched(watch, "Lease", {
        fields: { host: server.address, port: 5432, database: resource.name, username: resource.name, tls },
        credential: watched(watch, "Credential", { by: "broker" as const, version: made.id }),
        access: () => [rule(resource.server, server.id, 5432)],
        ready: [made],
      } satisfies Leased<object, object, Cloud>);
    },
  });

/** The deploy makes the password and keeps it in its encrypted state. It is plain here on purpose: the components must make it secret. */
const redis = (watch: Watch): CellOf<"redis", CloudServer> =>
  watched(watch, "Cell", {
    ...serverCell("group"),
    lease: ({ resource, server, make }) => {
      const made = make(Lease, { name: resource.name });
      return watched(watch, "Lease", {
        fields: { host: server.address, port: 6379, database: 0, username: resource.name, tls },
        credential: watched(watch, "Credential", { by: "deploy" as const, fields: { password: "of-the-cloud-cache" } }),
        access: () => [rule(resource.server, server.id, 6379)],
        ready: [made],
      } satisfies Leased<object, object, Cloud>);
    },
  });

/** A bucket needs no server, and the consumer's role grants access; with `keys`, a broker creates a key instead. */
const bucket = (watch: Watch, keys: boolean): CellOf<"bucket", undefined> =>
  watched(watch, "Cell", {
    lease: ({ resource, server, entries, make }) => {
      assert.equal(server, undefined);
      assert.equal(entries.length, keys ? 1 : 0);
      const made = make(Bucket, { prefix: resource.name });
      const policy = make(BucketPolicy, { bucket: made.id }, { child: "policy" });
      const fields = { bucket: made.id, region: "eu-west-1" };
      const access = () => [{ key: `bucket ${resource.id}`, for: "run", type: "statement", allow: made.id }] as const;
      if (!keys) {
        const credential = watched(watch, "Credential", { by: "identity" as const });
        return watched(watch, "Lease", { fields, credential, access, ready: [policy] } satisfies Leased<object, object, Cloud>);
      }
      const key = make(Lease, { entry: entries[0]?.entry.id }, { child: "key" });
      return watched(watch, "Lease", {
        fields: { ...fields, accessKeyId: "AKIA" },
        credential: watched(watch, "Credential", { by: "broker" as const, version: key.id }),
        access,
        ready: [policy, key],
      } satisfies Leased<object, object, Cloud>);
    },
  });

export const cloudCells = (watch: Watch, bucketKeys: boolean): Required<Cells<Cloud>> => ({
  postgres: postgres(watch),
  redis: redis(watch),
  bucket: bucket(watch, bucketKeys),
});
