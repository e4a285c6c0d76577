import { environmentOf, profileOf, profileProblems, type Environment, type Profile } from "./environment";
import type { Problem } from "./errors";
import { planConsumers, type PlanGrant } from "./plan/consumers";
import { planResources, type PlannedResource } from "./plan/resources";
import { planVariables, type MissingValue, type PlannedVariable, type ValueSource, type EntryWriter } from "./plan/variables";
import { neighbours, ownedSettings, type PlanContext, type PlanRequest } from "./plan/context";
import type { PlannedServer } from "./plan/servers";
import { undecided } from "./plan/facts";
import { requestProblems } from "./plan/request";
import { suppliedProblems } from "./plan/supplied";

export type { PlanRequest, PlanGrant, MissingValue, PlannedResource, PlannedServer, PlannedVariable, ValueSource, EntryWriter };

/** What an environment needs, as plain JSON without a secret in it. */
export interface Plan {
  /** Names everything that is made; the first part of every store entry. */
  readonly project: string;
  readonly environment: Environment;
  /** What the environment's type decides about its resources. */
  readonly profile: Profile;
  /** Name of the target that resources run on: `local`, `aws`, `kubernetes`. */
  readonly target: string;
  /** Name of the store that keeps the values. */
  readonly store: string;
  /** Servers that settings live on. */
  readonly servers: readonly PlannedServer[];
  /** What each setting gets on its server. */
  readonly resources: readonly PlannedResource[];
  /** Every variable, where its value comes from and who writes it. */
  readonly variables: readonly PlannedVariable[];
  /** What each consumer may read. */
  readonly grants: readonly PlanGrant[];
  /** What a person must still supply. */
  readonly missing: readonly MissingValue[];
  /** What cannot work, and why. */
  readonly problems: readonly Problem[];
}

/**
 * What one environment needs: pure and deterministic, so that the command line, the targets and a reviewer all see the same answer.
 *
 * @throws EndowError `ENVIRONMENT_UNKNOWN` when the environment's name says nothing about its type.
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
  const { variables, missing } = planVariables(context, resources);
  const { grants, problems } = planConsumers(context, variables);
  return {
    project: request.project,
    environment,
    profile,
    target: target.name,
    store: target.store,
    servers,
    resources,
    variables,
    grants,
    missing,
    problems: [
      ...requestProblems(context),
      ...profileProblems(request.environments),
      ...suppliedProblems(context),
      ...serverProblems,
      ...problems,
    ],
  };
};
