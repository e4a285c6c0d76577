import type { KindTraits } from "../kind";
import { provisionedKinds } from "../kinds/provisioned";

/** What a target does for the settings of one kind. */
export interface KindFacts {
  /** Whether settings live on servers of the environment's own; else each resource stands by itself. */
  readonly server: boolean;
  /** Whether they can live on a server that is already there: given by the program, or the base stack's in a preview. */
  readonly findsServer: boolean;
  /**
   * Who makes the credential: the deploy, a broker where the server runs, which keeps it out of Pulumi's state, or nobody, because a
   * consumer's own identity is enough: then the kind's secret variables stay unset.
   */
  readonly credential: "deploy" | "broker" | "identity";
  /** Of the fields that not every resource of the kind has, those that resources have here. */
  readonly optionalFields: readonly string[];
}

/** What a plan has to know of a target: pure data. */
export interface TargetFacts {
  /** `local`, `aws`, `kubernetes` */
  readonly name: string;
  /** Name of the store that keeps values. */
  readonly store: string;
  /** By kind; one left out is not offered. */
  readonly kinds: Readonly<Record<string, KindFacts>>;
}

/** A target that offers every kind in the same way, with all the fields that a resource of its own can have. */
export const offeringAll = (name: string, store: string, facts: (kind: KindTraits) => Omit<KindFacts, "optionalFields">): TargetFacts => ({
  name,
  store,
  kinds: Object.fromEntries(
    provisionedKinds.names.map((kind) => {
      const traits = provisionedKinds.get(kind);
      const optional = Object.entries(traits.optionalFields ?? {}).flatMap(([field, when]) => (when === true ? [field] : []));
      return [kind, { ...facts(traits), optionalFields: optional }];
    }),
  ),
});

/** What a plan says where no target was named. */
export const undecided = (): TargetFacts =>
  offeringAll("undecided", "undecided", () => ({ server: true, findsServer: true, credential: "deploy" }));
