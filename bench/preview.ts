import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { plan } from "../lib/plan";
import { local, Project } from "../lib/pulumi";
import { version } from "../lib/internal/version";
import { withStack } from "../test/support/stack";
import { paired, timed, type Row } from "./measure";
import { hasEngine, shared } from "./pulumi";

const RUNS = 9;

/** Compares `pulumi preview` of a Project with that of a program that declares the same provider's resources by hand. */
export const preview = async (): Promise<readonly Row[]> => {
  if (!(await hasEngine("pulumi preview"))) return [];
  let rows: readonly Row[] = [];
  await withStack({ program: async () => undefined }, (project) =>
    withStack({ program: async () => undefined }, async (hand) => {
      project.use(async () => void new Project("shop", { groups: [shared], target: () => local({ root: project.app }) }));
      hand.use(byHand(hand.app));
      const { a, b, ratio } = await paired(
        RUNS,
        () => timed(() => project.preview()),
        () => timed(() => hand.preview()),
      );
      rows = [
        { what: "preview of a Project with PostgreSQL, Redis and S3", value: a, unit: "ms" },
        { what: "preview of the same resources written by hand", value: b, unit: "ms" },
        { what: "ratio of the previews", value: ratio, unit: "x", goal: "at most 1.05x" },
      ];
    }),
  );
  return rows;
};

class Resource extends pulumi.CustomResource {
  declare readonly made: pulumi.Output<string>;

  constructor(type: string, name: string, inputs: pulumi.Inputs, output: string, opts: pulumi.CustomResourceOptions = {}) {
    super(`endow-local:index:${type}`, name, { ...inputs, [output]: undefined }, { ...opts, version: version() });
    this.made = (this as unknown as Record<string, pulumi.Output<string>>)[output] ?? pulumi.output("");
  }
}

const byHand =
  (root: string): PulumiFn =>
  async () => {
    const environment = { project: "shop", root, name: "development" };
    const { servers, resources } = plan({ project: "shop", groups: [shared], environment: "development" });
    const passwords = resources.map(({ id, kind, server, name, options }) => {
      const { version } = servers.find((one) => one.name === server) ?? {};
      const on = { name: server, kind, ...(version !== undefined && { version }) };
      const dependsOn = new Resource("Server", server, { environment, ...on }, "folder");
      const lease = { environment, server: on, setting: id, name, options: options as pulumi.Inputs };
      const field = kind === "bucket" ? "secretAccessKey" : "password";
      return new Resource("Lease", id, lease, field, { dependsOn, additionalSecretOutputs: [field] }).made;
    });
    const values = pulumi.all(passwords).apply((all) => Object.fromEntries(all.map((password, index) => [`PASSWORD_${index}`, password])));
    void new Resource("Values", "shared", { environment, group: "shared", values: pulumi.secret(values) }, "address");
  };
