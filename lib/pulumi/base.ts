import * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../errors";
import type { Plan } from "../plan";
import { notKnown } from "./sdk-internals";

/** Reports a base stack outside previews. */
export const baseProblems = (base: unknown, { environment: { name, type } }: Plan): readonly Problem[] =>
  base === undefined || type === "preview"
    ? []
    : [
        problem(
          "BASE_UNUSED",
          "base",
          `${JSON.stringify(name)} is a ${type} environment, and only previews use the servers of a base stack`,
          "omit `base` in such stacks",
        ),
      ];

/** Reasons why a preview cannot use the servers of its base stack, once its export is known; `undefined` if the preview needs none of them. */
export const baseServerProblems = (
  base: unknown,
  { resources, target, environment }: Plan,
): pulumi.Output<readonly Problem[]> | undefined => {
  const needed = resources.filter(({ hosting }) => hosting === "base");
  if (needed.length === 0) return undefined;
  return exported(base).apply((known): readonly Problem[] => {
    const summary = summaryIn(known);
    if (summary === undefined)
      return [
        problem(
          "BASE_INVALID",
          "base",
          "`base` must be a stack's export `endow`",
          'pass new StackReference("shop/test").requireOutput("endow")',
        ),
      ];
    if (summary.target !== target) {
      const told = `the base stack runs on ${summary.target}, but ${JSON.stringify(environment.name)} on ${target}, which cannot use its servers`;
      return [problem("BASE_DIFFERS", "base", told, "use the base stack's target for the preview, or another base stack")];
    }
    return needed
      .filter(({ server }) => !summary.servers.has(server))
      .map(({ id, server }) =>
        problem(
          "BASE_SERVER_MISSING",
          id,
          `"${id}" needs the server ${server} of the base stack, which has no server of that name`,
          "deploy the base stack with this declaration first",
        ),
      );
  });
};

/** Reference to a server of the base stack. A missing one was already refused, and stays unknown. */
export const baseServer = (base: unknown, name: string): pulumi.Output<object> =>
  exported(base).apply((known) => summaryIn(known)?.servers.get(name) ?? notKnown);

const exported = (base: unknown): pulumi.Output<unknown> => pulumi.output(base);

const summaryIn = (known: unknown): { readonly target: string; readonly servers: ReadonlyMap<string, object> } | undefined => {
  if (!isObject(known) || !("target" in known) || typeof known.target !== "string") return undefined;
  if (!("servers" in known) || !isObject(known.servers)) return undefined;
  const servers = Object.entries<unknown>({ ...known.servers }).filter((entry): entry is [string, object] => isObject(entry[1]));
  return { target: known.target, servers: new Map(servers) };
};

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

const problem = (code: string, path: string, message: string, fix: string): Problem => ({ code, path, message, fix });
