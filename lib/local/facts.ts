import { offeringAll } from "../plan/facts";

/** What a plan has to know of this machine as a target: it runs servers of every kind, and makes every credential itself. */
export const localFacts = offeringAll("local", "local", ({ role }) => ({
  server: true,
  findsServer: role !== undefined,
  credential: "deploy",
}));
