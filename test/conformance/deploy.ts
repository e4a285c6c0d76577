import type { Output } from "@pulumi/pulumi";
import type { Platform } from "../../lib/contract/platform";
import type { Delivery, Target } from "../../lib/contract/target";
import { postgresUrl, settings, type Group } from "../../lib/index";
import { Project, type App, type ProjectArgs } from "../../lib/pulumi";
import type { TestStack } from "../support/stack";

/** The group of most tests. */
export const shared = settings("shared", { databaseUrl: postgresUrl() });

/** What a driver says about deploying. */
interface DeployDriver<P extends Platform> {
  readonly target: (stack: TestStack) => Target<P>;
  readonly environment: (delivery: Delivery<P>) => Output<Record<string, string>>;
}

export interface Deployed {
  readonly changes: Awaited<ReturnType<TestStack["up"]>>["changes"];
  /** The variables that a process needs for a group. */
  readonly env: (group: string) => Record<string, string>;
  readonly url: (app: string) => string;
  readonly isSecret: (output: string) => boolean;
  readonly fields: Readonly<Record<string, { readonly value: unknown; readonly secret: boolean }>>;
  /** Types of the resources in the stack. */
  readonly types: () => Promise<readonly string[]>;
}

export type Deploy<P extends Platform> = (
  groups: readonly Group[],
  args?: Pick<ProjectArgs<Readonly<Record<string, App>>, Target<P>>, "apps" | "existing"> & { readonly fieldsOf?: typeof shared },
) => Promise<Deployed>;

/** Deploys groups and apps as a project on the driver's target. */
export const deployWith =
  <P extends Platform>(stack: TestStack, { target, environment }: DeployDriver<P>): Deploy<P> =>
  async (groups, { fieldsOf, ...args } = {}) => {
    stack.use(async () => {
      const project = new Project<Readonly<Record<string, App>>, Target<P>>("shop", { groups, target: () => target(stack), ...args });
      const apps = Object.entries(project.apps).map(([name, { url }]) => [`url ${name}`, url]);
      const fields = fieldsOf
        ? Object.entries(project.group(fieldsOf).outputs.databaseUrl).map(([name, value]) => [`field ${name}`, value])
        : [];
      return Object.fromEntries([...groups.map((group) => [group.name, environment(project.group(group).delivery)]), ...apps, ...fields]);
    });
    const { changes } = await stack.up();
    const outputs = await stack.outputs();
    return {
      changes,
      env: (group) => outputs[group]?.value as Record<string, string>,
      url: (name) => outputs[`url ${name}`]?.value as string,
      isSecret: (name) => outputs[name]?.secret === true,
      fields: Object.fromEntries(
        Object.entries(outputs).flatMap(([name, output]) => (name.startsWith("field ") ? [[name.slice(6), output]] : [])),
      ),
      types: () => typesIn(stack),
    };
  };

const typesIn = async ({ stack }: TestStack): Promise<readonly string[]> => {
  const { deployment } = await stack.exportStack();
  const { resources = [] } = deployment as { readonly resources?: ReadonlyArray<{ readonly type: string }> };
  return resources.map(({ type }) => type);
};
