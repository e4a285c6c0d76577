import * as pulumi from "@pulumi/pulumi";
import type { Platform } from "../../contract/platform";
import type { Store } from "../../contract/store";
import { version } from "../../internal/version";

interface ValuesArgs {
  readonly environment: pulumi.Input<{ project: string; root: string; name: string }>;
  readonly group: string;
  readonly values: pulumi.Input<Record<string, string>>;
}

/** A file (0600) on this machine with the values of one group. */
class Values extends pulumi.CustomResource {
  declare readonly address: pulumi.Output<string>;

  constructor(name: string, { values, ...args }: ValuesArgs, opts: pulumi.CustomResourceOptions) {
    super(
      "endow-local:index:Values",
      name,
      { ...args, values: pulumi.secret(values), address: undefined, folder: undefined, written: undefined },
      { ...opts, version: version() },
    );
  }
}

/**
 * Stores the values of groups in files on this machine, for development only: `load()` finds them through `ENDOW_<GROUP>=file://...`, and
 * `endow run` adds them to a process's environment.
 *
 * @param root absolute folder of the app
 */
export const localStore = <P extends Platform>(root: string): Store<P> => ({
  name: "local",
  open: ({ plan: { project, environment }, group, entries, make }) => ({
    entry: (variable) => {
      throw new Error(`${group}.${variable}: on this machine the deploy writes every value`);
    },
    // Every process of this user can read this user's files.
    access: () => [],
    write: (values) => {
      const texts = pulumi
        .all([...values].map(([variable, value]) => pulumi.output(value).apply((text) => [variable, text] as const)))
        .apply((all): Record<string, string> => Object.fromEntries(all));
      const file = make(Values, { environment: { project, root, name: environment.name }, group, values: texts });
      return {
        address: file.address,
        delivered: entries.flatMap(({ variable: name, secret }) => {
          const value = values.get(name);
          return value === undefined ? [] : [{ name, by: "value", secret, value: pulumi.output(value) } as const];
        }),
        ready: [file],
      };
    },
  }),
});
