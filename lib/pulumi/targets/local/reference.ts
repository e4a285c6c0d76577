import { Output } from "@pulumi/pulumi";
import { z } from "zod";
import type { ReferenceFault } from "../../../contract/target";
import { valueAt } from "../../../internal/value-at";
import { administrator, remoteServer } from "../../provider/schemas";

const { host, port, tls } = remoteServer;

const shape = z.strictObject({ host, port: port.optional(), administrator, tls: tls.optional() });

/** By the path to the object. */
const fields: Readonly<Record<string, object>> = { "": shape.shape, administrator: administrator.shape, tls: tls.shape };

/** What is wrong with the server of `onServer()`, each with what to do; what is not known before the deploy is checked by the provider. */
export const referenceFaults = (given: unknown): readonly ReferenceFault[] => {
  const server = typeof given === "object" && given !== null ? given : {};
  const issues = shape.safeParse(server).error?.issues ?? [];
  return issues.filter(({ path }) => !isLater(server, path)).flatMap((issue) => faultsOf(issue, server));
};

const faultsOf = (issue: z.core.$ZodIssue, server: object): readonly ReferenceFault[] => {
  const path = issue.path.join(".");
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => [
      `has no field "${[...issue.path, key].join(".")}"`,
      `its fields are ${Object.keys(fields[path] ?? {}).join(", ")}`,
    ]);
  if (valueAt(server, issue.path) === undefined) return [[`lacks ${path}`, "give it as a value or as an output"]];
  return [[`needs ${path} to ${issue.message.replace(/^must /, "")}`, "correct it"]];
};

/** Whether it, or what it is in, is not known yet. */
const isLater = (server: object, path: readonly PropertyKey[]): boolean =>
  path.some((_, index) => {
    const part = valueAt(server, path.slice(0, index + 1));
    return Output.isInstance(part) || part instanceof Promise;
  });
