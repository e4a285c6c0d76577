import { provisioned } from "../kinds";
import { offeringAll } from "../plan/facts";

/** What a plan has to know of this machine as a target: it runs servers of every kind, and makes every credential itself. */
export const localFacts = offeringAll("local", "local", (kind) => ({
  server: true,
  findsServer: "role" in (Object.entries(provisioned).find(([name]) => name === kind)?.[1] ?? {}),
  credential: "deploy",
}));
