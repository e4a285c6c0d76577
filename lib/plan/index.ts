// An entry of its own: an app that only loads its settings does not pay for the planner.
export * from "../plan";
export type { KindFacts, TargetFacts } from "./facts";
