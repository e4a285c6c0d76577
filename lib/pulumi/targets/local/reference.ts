import { Output } from "@pulumi/pulumi";
import { z } from "zod/v4";
import type { ReferenceFault } from "../../../contract/target";
import { valueAt } from "../../../internal/value-at";
import { administrator, remoteServer } from "../../provider/schemas";

const { host, port, tls } = remoteServer;

const shape = z.strictObject({ host, port: port.optional(), administrator, tls: tls.optional() });

/** Fields of each object, by its path. */
const fields: Readonly<Record<string, object>> = { "": shape.shape, administrator: administrator.shape, tls: tls.shape };

/** Problems with the server passed to `onServer()`, each with its fix. The provider checks values that are unknown until the deploy. */
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
      `use one of ${Object.keys(fields[path] ?? {}).join(", ")}`,
    ]);
  if (valueAt(server, issue.path) === undefined) return [[`lacks ${path}`, "pass it as a value or an output"]];
  return [[`needs ${path} to ${issue.message.replace(/^must /, "")}`, "correct it"]];
};

/** Whether the value at a path, or one that contains it, is not known yet. */
const isLater = (server: object, path: readonly PropertyKey[]): boolean =>
  path.some((_, index) => {
    const part = valueAt(server, path.slice(0, index + 1));
    return Output.isInstance(part) || part instanceof Promise;
  });
