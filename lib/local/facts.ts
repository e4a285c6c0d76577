import { offeringAll } from "../plan/facts";

/** This machine as a plan's target: it runs servers of every kind and creates every credential itself. */
export const localFacts = offeringAll("local", "local", ({ role }) => ({
  server: true,
  findsServer: role !== undefined,
  credential: "deploy",
}));
