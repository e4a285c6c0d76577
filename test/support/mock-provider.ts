import { randomBytes } from "node:crypto";
import path from "node:path";
import { pathToFileURL } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import { provisionedKinds, type ProvisionedKind } from "../../lib/kinds/provisioned";
import { visibilityOf } from "../../lib/generation";
import type {
  GeneratedInputs,
  GeneratedOutputs,
  LeaseInputs,
  LeaseOutputs,
  ProcessInputs,
  ProcessOutputs,
  ServerInputs,
  ServerOutputs,
  ValuesInputs,
  ValuesOutputs,
} from "../../lib/pulumi/provider/schemas";
import { fieldsLike } from "./each-kind";
import { registerSecret } from "./secrets";

/** The engine's result for one resource type: outputs besides its inputs. Secret marks apply: `pulumi.secret(...)`. */
type Answer = (inputs: never, secretInputs: readonly string[]) => object;

const FOLDER = "/var/lib/endow/mocked/development";
const host = "127.0.0.1";

const lease = ({ name, server: { kind } }: LeaseInputs): LeaseOutputs => {
  const { fields: visibility, optionalFields = {} } = provisionedKinds.get(kind);
  const fields = fieldsLike(kind as ProvisionedKind, { host, name, secret: registerSecret(randomBytes(20).toString("hex")) });
  const marked = Object.entries(fields).flatMap(([field, value]) => {
    // Local environments share nothing.
    if (optionalFields[field] === "shared") return [];
    return [[field, visibility[field] === "secret" ? pulumi.secret(value) : value]];
  });
  return { ...Object.fromEntries(marked), folder: FOLDER, login: name };
};

const server = ({ name, kind, version, port }: ServerInputs): ServerOutputs & { readonly name: string } => ({
  name,
  folder: FOLDER,
  host,
  port: port ?? provisionedKinds.get(kind).container.port,
  actualVersion: `${version ?? "1"}.2`,
  source: "system",
  running: true,
});

const generated = ({ generation }: GeneratedInputs): GeneratedOutputs => {
  const seen = Object.entries(visibilityOf(generation));
  const fields = seen.map(([field, visibility]) => {
    const text = randomBytes(20).toString("hex");
    return [field, visibility === "secret" ? pulumi.secret(registerSecret(text)) : text] as const;
  });
  return { ...(Object.fromEntries(fields) as Record<string, string>), folder: FOLDER };
};

const values = ({ group }: ValuesInputs): ValuesOutputs => ({
  folder: FOLDER,
  address: pathToFileURL(path.join(FOLDER, "values", `${group}.json`)).href,
  written: true,
});

const workload = ({ name, port }: ProcessInputs): ProcessOutputs => ({
  folder: FOLDER,
  log: path.join(FOLDER, "logs", `${name}.log`),
  running: true,
  ...(port !== undefined && { url: `http://${host}:${port}` }),
});

/** Types with more outputs than inputs: those of `endow-local`, and Pulumi's built-in one. */
export const answers: Readonly<Record<string, Answer>> = {
  "endow-local:index:Server": server,
  "endow-local:index:Lease": lease,
  "endow-local:index:Generated": generated,
  "endow-local:index:Values": values,
  "endow-local:index:Process": workload,
  "pulumi:index:Stash": ({ input }: { readonly input: unknown }, secretInputs) => ({
    output: secretInputs.length > 0 ? pulumi.secret(input) : input,
  }),
};
