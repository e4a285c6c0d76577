import type { KindTraits } from "../kind";
import { provisionedKinds } from "../kinds/provisioned";

/** How a target handles settings of one kind. */
export interface KindFacts {
  /** Whether settings live on the environment's servers; otherwise each resource is standalone. */
  readonly server: boolean;
  /** Whether they can live on an existing server: the program's own, or the base stack's in a preview. */
  readonly findsServer: boolean;
  /**
   * Who creates the credential: the deploy; a broker next to the server, which keeps it out of Pulumi's state; or neither, because the
   * consumer authenticates with its own identity: the kind's secret variables then stay unset.
   */
  readonly credential: "deploy" | "broker" | "identity";
  /** The kind's optional fields that resources have on this target. */
  readonly optionalFields: readonly string[];
}

/** What a plan needs to know about a target: pure data. */
export interface TargetFacts {
  /** `local`, `aws`, `kubernetes` */
  readonly name: string;
  /** Name of the store that keeps values. */
  readonly store: string;
  /** By kind; missing kinds are not offered. */
  readonly kinds: Readonly<Record<string, KindFacts>>;
  /**
   * The maker of generated secrets: the deploy, which then knows them, or a broker, which keeps them out of Pulumi's state.
   * @default - none: the user must supply them
   */
  readonly generated?: "deploy" | "broker";
}

/** Facts of a target that generates secrets in the deploy and provides every kind in the same way, with all fields of a dedicated resource. */
export const offeringAll = (name: string, store: string, facts: (kind: KindTraits) => Omit<KindFacts, "optionalFields">): TargetFacts => ({
  name,
  store,
  generated: "deploy",
  kinds: Object.fromEntries(
    provisionedKinds.names.map((kind) => {
      const traits = provisionedKinds.get(kind);
      const optional = Object.entries(traits.optionalFields ?? {}).flatMap(([field, when]) => (when === true ? [field] : []));
      return [kind, { ...facts(traits), optionalFields: optional }];
    }),
  ),
});

/** Facts for a plan without a target. */
export const undecided = (): TargetFacts =>
  offeringAll("undecided", "undecided", () => ({ server: true, findsServer: true, credential: "deploy" }));
