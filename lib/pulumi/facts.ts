import * as pulumi from "@pulumi/pulumi";
import { fault } from "../errors";
import type { Plan } from "../plan";

/** What a stack must not change by accident: its resources would be made anew elsewhere, or lose their protection. */
interface Facts {
  readonly type: string;
  readonly target: string;
}

/**
 * Remembers what an environment is for and where it runs, and keeps a stack from leaving production or its target unless its configuration
 * says so: `pulumi config set endow:type test`, `pulumi config set endow:target aws`.
 *
 * @returns the environment's name, once nothing speaks against deploying it: whatever is made takes it from here, so nothing is made, changed
 * or removed before.
 */
export const confirmed = (name: string, { environment, target }: Plan, opts: pulumi.CustomResourceOptions): pulumi.Output<string> => {
  const now: Facts = { type: environment.type, target };
  const config = new pulumi.Config("endow");
  const accepted = { type: config.get("type"), target: config.get("target") };
  return remembered(name, now, accepted.type === now.type || accepted.target === now.target, opts).apply((before) => {
    const refused = refusalsOf(before, now).find(({ fact }) => accepted[fact] !== now[fact]);
    if (!refused) return environment.name;
    const { fact, message } = refused;
    const code = fact === "type" ? "TYPE_CHANGED" : "TARGET_CHANGED";
    const fix = `undo the change, deploy another stack, or say that it is meant: pulumi config set endow:${fact} ${now[fact]}`;
    throw new pulumi.RunError(`${fault(code, `${message}, so nothing was done`, fix).message} (${code})`);
  });
};

/**
 * A stash gives what it was given first. A stack that becomes production gets a new one, by another name; one that stops being it takes over
 * the one of production, by the alias, and with it the memory.
 */
const remembered = (name: string, now: Facts, isAccepted: boolean, opts: pulumi.CustomResourceOptions): pulumi.Output<Facts> => {
  const asProduction = `${name}-production`;
  const isProduction = now.type === "production";
  const stash = new pulumi.Stash(
    isProduction ? asProduction : name,
    { input: now },
    {
      ...opts,
      ...(!isProduction && { aliases: [...(opts.aliases ?? []), { name: asProduction }] }),
      ...(isAccepted && { replaceOnChanges: ["input"] }),
    },
  );
  return stash.output as pulumi.Output<Facts>;
};

const refusalsOf = (before: Facts, now: Facts): ReadonlyArray<{ readonly fact: keyof Facts; readonly message: string }> => [
  ...(before.type === "production" && now.type !== "production"
    ? [{ fact: "type" as const, message: `this stack is production, and would become a ${now.type} environment without its protection` }]
    : []),
  ...(before.target === now.target
    ? []
    : [
        {
          fact: "target" as const,
          message: `this stack runs on ${before.target}, and would be made anew on ${now.target}, without its data`,
        },
      ]),
];
