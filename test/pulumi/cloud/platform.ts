import * as pulumi from "@pulumi/pulumi";

/** A fictitious cloud, with the requirements of real ones. */
export interface Cloud {
  readonly Consumer: { readonly role: pulumi.Input<string>; readonly network: pulumi.Input<string> };
  readonly Access: { readonly key: string; readonly for: "start" | "run" } & (
    | { readonly type: "statement"; readonly allow: pulumi.Input<string> }
    | { readonly type: "rule"; readonly server: pulumi.Input<string>; readonly port: number }
  );
  /** Fields are outputs of the stack that owns the server. */
  readonly Reference: { readonly address: pulumi.Input<string>; readonly administrator: pulumi.Input<string> };
}

/** Any resource of this cloud. */
const resource = (type: string) =>
  class extends pulumi.CustomResource {
    constructor(name: string, args: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
      super(`cloud:index:${type}`, name, args, opts);
    }
  };

export const Server = resource("Server");
export const Lease = resource("Lease");
export const Secret = resource("Secret");
export const Bucket = resource("Bucket");
export const BucketPolicy = resource("BucketPolicy");
export const Container = resource("Container");
export const Version = resource("Version");
export const Role = resource("Role");
export const Policy = resource("Policy");
export const Rule = resource("Rule");
export const Task = resource("Task");
