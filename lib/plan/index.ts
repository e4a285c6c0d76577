// An entry of its own: an app that only loads its settings does not pay for the planner.
export { plan } from "../plan";
export type { KindFacts, TargetFacts } from "./facts";
export type {
  PlanGrant,
  MissingValue,
  Plan,
  PlannedResource,
  PlannedSecret,
  PlannedServer,
  PlannedVariable,
  PlanRequest,
  ValueSource,
  EntryWriter,
} from "../plan";
