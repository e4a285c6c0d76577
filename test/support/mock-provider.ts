import { randomBytes } from "node:crypto";
import path from "node:path";
import { pathToFileURL } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import type { FieldsOf } from "../../lib/kind";
import { provisioned, type Provisioned, type ProvisionedKind } from "../../lib/kinds";
import type {
  LeaseInputs,
  LeaseOutputs,
  ProcessInputs,
  ProcessOutputs,
  ServerInputs,
  ServerOutputs,
  ValuesInputs,
  ValuesOutputs,
} from "../../lib/pulumi/provider/schemas";
import { registerSecret } from "./secrets";

/** What the engine answers for one type of resource: outputs beside its inputs. A mark of secrecy counts: `pulumi.secret(...)`. */
type Answer = (inputs: never, secretInputs: readonly string[]) => object;

const FOLDER = "/var/lib/endow/mocked/development";
const host = "127.0.0.1";

/** Ports of a machine that has each kind once. */
const ports: Readonly<Record<ProvisionedKind, number>> = { bucket: 8333, postgres: 5432, redis: 6379 };

/** As the recipes name and number what they make. */
const fieldsOf: { readonly [N in ProvisionedKind]: (name: string, secret: string) => FieldsOf<Provisioned[N]> } = {
  bucket: (name, secret) => ({
    bucket: name.replaceAll("_", "-"),
    region: "us-east-1",
    endpoint: `http://${host}:${ports.bucket}`,
    accessKeyId: name,
    secretAccessKey: secret,
  }),
  postgres: (name, password) => ({ host, port: ports.postgres, database: name, username: name, password, tls: { mode: "off" } }),
  redis: (name, password) => ({ host, port: ports.redis, database: 0, username: name, password, tls: { mode: "off" } }),
};

const lease = ({ name, server: { kind } }: LeaseInputs): LeaseOutputs => {
  const known = kind as ProvisionedKind;
  const fields = fieldsOf[known](name, registerSecret(randomBytes(20).toString("hex")));
  const visibility: Readonly<Record<string, string>> = provisioned[known].fields ?? {};
  const marked = Object.entries(fields).map(([field, value]) => [field, visibility[field] === "secret" ? pulumi.secret(value) : value]);
  return { ...Object.fromEntries(marked), folder: FOLDER, login: name };
};

const server = ({ name, kind, version, port }: ServerInputs): ServerOutputs & { readonly name: string } => ({
  name,
  folder: FOLDER,
  host,
  port: port ?? ports[kind as ProvisionedKind],
  actualVersion: `${version ?? "1"}.2`,
  source: "system",
  running: true,
});

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

/** The types that need more than their inputs: those of `endow-local`, and the one that Pulumi has built in. */
export const answers: Readonly<Record<string, Answer>> = {
  "endow-local:index:Server": server,
  "endow-local:index:Lease": lease,
  "endow-local:index:Values": values,
  "endow-local:index:Process": workload,
  "pulumi:index:Stash": ({ input }: { readonly input: unknown }, secretInputs) => ({
    output: secretInputs.length > 0 ? pulumi.secret(input) : input,
  }),
};
