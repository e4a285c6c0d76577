import { environmentOf, profileOf, profileProblems, type Environment, type Profile } from "./environment";
import type { Problem } from "./errors";
import { planConsumers, type PlanGrant } from "./plan/consumers";
import { planGenerated, type PlannedSecret } from "./plan/generated";
import { planResources, type PlannedResource } from "./plan/resources";
import type { EntryWriter, MissingValue, PlannedVariable, ValueSource } from "./plan/provision";
import { planVariables } from "./plan/variables";
import { neighbours, ownedSettings, type PlanContext, type PlanRequest } from "./plan/context";
import type { PlannedServer } from "./plan/servers";
import { undecided } from "./plan/facts";
import { requestProblems } from "./plan/request";
import { suppliedProblems } from "./plan/supplied";

export type {
  PlanRequest,
  PlanGrant,
  MissingValue,
  PlannedResource,
  PlannedSecret,
  PlannedServer,
  PlannedVariable,
  ValueSource,
  EntryWriter,
};

/** What an environment needs, as plain JSON without secrets. */
export interface Plan {
  /** Prefix of all resource names and store entries. */
  readonly project: string;
  readonly environment: Environment;
  /** Resource defaults of the environment's type, with the project's overrides. */
  readonly profile: Profile;
  /** Name of the target that resources run on: `local`, `aws`, `kubernetes`. */
  readonly target: string;
  /** Name of the store that keeps the values. */
  readonly store: string;
  /** Servers that host the settings. */
  readonly servers: readonly PlannedServer[];
  /** The resource of each setting on its server. */
  readonly resources: readonly PlannedResource[];
  /** Values generated once for the environment. */
  readonly generated: readonly PlannedSecret[];
  /** Every variable, with the source of its value and its writer. */
  readonly variables: readonly PlannedVariable[];
  /** The variables that each consumer may read. */
  readonly grants: readonly PlanGrant[];
  /** Values that the user must still supply. */
  readonly missing: readonly MissingValue[];
  /** Everything that prevents a deploy. */
  readonly problems: readonly Problem[];
}

/**
 * Plans what one environment needs. Pure and deterministic, so that the command line, the targets and a reviewer all see the same result.
 *
 * @throws EndowError `ENVIRONMENT_UNKNOWN` when the environment's name does not imply a type.
 */
export const plan = (request: PlanRequest): Plan => {
  const environment = environmentOf(request.environment);
  const profile = profileOf(environment, request.environments);
  const target = request.target ?? undecided();
  const context: PlanContext = {
    request,
    environment,
    target,
    settings: ownedSettings(request.groups),
    neighbours: neighbours(request.groups),
    supplied: new Map(Object.entries(request.supplied ?? {}).filter(([, text]) => text !== "")),
    configured: new Set(request.configured),
  };
  const { servers, resources, problems: serverProblems } = planResources(context, profile.protected);
  const { variables, missing, problems: variableProblems } = planVariables(context, resources);
  const { grants, problems } = planConsumers(context, variables);
  return {
    project: request.project,
    environment,
    profile,
    target: target.name,
    store: target.store,
    servers,
    resources,
    generated: planGenerated(context),
    variables,
    grants,
    missing,
    problems: [
      ...requestProblems(context),
      ...profileProblems(request.environments),
      ...suppliedProblems(context),
      ...serverProblems,
      ...variableProblems,
      ...problems,
    ],
  };
};
