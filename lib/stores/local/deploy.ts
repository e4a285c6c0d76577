import * as pulumi from "@pulumi/pulumi";
import { version } from "../../internal/version";
import type { Entry, Store } from "../deployer";

interface ValuesArgs {
  readonly environment: pulumi.Input<{ project: string; root: string; name: pulumi.Input<string> }>;
  readonly group: string;
  readonly values: pulumi.Input<Record<string, string>>;
}

/** A file (0600) of this machine with the values of one group. */
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
 * Keeps the values of groups in files of this machine, for development only: `load()` reads them by `ENDOW_<GROUP>=file://...`, and `endow run`
 * puts them into a process's environment.
 *
 * @param root absolute folder of the app
 */
export const localStore = (root: string): Store => ({
  name: "local",
  deploy: ({ project, environment, group, entries, opts }) => {
    const values = textsOf(entries);
    const file = new Values(group, { environment: { project, root, name: environment }, group, values }, opts);
    return { address: file.address, variables: values, ready: [file] };
  },
});

/** Without the entries that turn out to have no value. Secret as a whole when one of them is. */
const textsOf = (entries: readonly Entry[]): pulumi.Output<Record<string, string>> => {
  const texts = entries.map(({ variable, secret, value }) =>
    pulumi.output(secret ? pulumi.secret(value) : value).apply((text) => (text === undefined ? [] : [[variable, text] as const])),
  );
  return pulumi.all(texts).apply((found) => Object.fromEntries(found.flat()));
};
