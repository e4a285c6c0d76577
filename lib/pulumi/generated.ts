import type { CustomResourceOptions } from "@pulumi/pulumi";
import type { BrokerEntry, Lease } from "../contract/cell";
import type { Platform } from "../contract/platform";
import type { Target } from "../contract/target";
import type { Problem } from "../errors";
import type { Plan, PlannedSecret } from "../plan";
import { makerFor, type Children } from "./maker";

interface GeneratedRequest {
  readonly plan: Plan;
  readonly target: Target<Platform>;
  readonly secret: PlannedSecret;
  readonly entries: readonly BrokerEntry[];
  readonly children: Children;
  readonly own: CustomResourceOptions | undefined;
}

/** A generated value as a lease that needs no access grants. Never protected: a supplied value may replace it at any time. */
export const generatedLease = ({ plan, target, secret, entries, children, own }: GeneratedRequest): Lease<object, object, Platform> => {
  const { id, kind, formerly } = secret;
  if (!target.generate) throw new Error(`${id}: the target ${target.facts.name} does not generate secrets`);
  const make = makerFor(children, { part: kind, name: id, formerly, own });
  const { credential, ready } = target.generate({ plan, secret, entries, make });
  return { fields: {}, credential, access: () => [], ready };
};

/** Problems of a target whose facts promise more than it implements. */
export const generateProblems = ({ generate, facts }: Target<Platform>, { generated }: Plan): readonly Problem[] =>
  generate || generated.length === 0
    ? []
    : [
        {
          code: "UNSUPPORTED_ON_TARGET",
          path: generated[0]?.id ?? "",
          message: `the target ${facts.name} does not generate secrets: ${generated.map(({ id }) => `"${id}"`).join(", ")}`,
          fix: "supply their values, or choose another target",
        },
      ];
