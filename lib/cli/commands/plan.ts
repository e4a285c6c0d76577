import type { Plan } from "../../plan";
import type { CommonOptions } from "../options";
import { print, printJson, say } from "../output";
import { missingInEnvironment } from "../assert-feasible";
import { locate, openSession, planOf, type Session } from "../session";
import { suppliedNotes } from "../supplied-notes";
import { table } from "../table";

/** `endow plan`: shows what an environment needs. The exit code is 1 if the plan has problems. */
export const plan = async (options: CommonOptions): Promise<number> => {
  const session = await openSession(locate(options), options);
  const result = planOf(session);
  for (const note of suppliedNotes(session, "is")) say(note);
  if (options.json) printJson(result);
  else print(tablesOf(result, session));
  return result.problems.length > 0 ? 1 : 0;
};

const tablesOf = (plan: Plan, { supplied }: Session): string =>
  [
    `${plan.project}, ${plan.environment.name} (${plan.environment.type}), target: ${plan.target}\n${profileLine(plan.profile)}`,
    table(
      ["server", "kind", "version", "settings"],
      plan.servers.map(({ name, kind, version, settings }) => [name, kind, version ?? "any", settings.join(", ")]),
    ),
    table(
      ["resource", "server", "name", "protected"],
      plan.resources.map(({ id, server, name, protected: kept }) => [id, server, name, kept ? "yes" : "no"]),
    ),
    table(
      ["variable", "secret", "required", "source", "writer", "state"],
      plan.variables.map(({ name, secret, required, source, from, writer, state }) => {
        const place = supplied.origins[from ?? name];
        const origin = [source, from && `from ${from}`, source === "supplied" && place && `(${place})`].filter(Boolean).join(" ");
        return [name, secret ? "yes" : "no", required ? "yes" : "no", state === "unset" ? "" : origin, writer, state];
      }),
    ),
    list("Missing", missingInEnvironment(plan)),
    list("Problems", plan.problems),
  ]
    .filter(Boolean)
    .join("\n\n");

/** `standard servers, highly available, backups kept 14 days, protected from deletion` */
const profileLine = ({ size, highlyAvailable, backupDays, protected: kept, timeToLiveHours }: Plan["profile"]): string =>
  [
    `${size} servers`,
    highlyAvailable ? "highly available" : "no standby",
    backupDays === 0 ? "no backups" : `backups kept ${backupDays} ${backupDays === 1 ? "day" : "days"}`,
    kept ? "protected from deletion" : "not protected",
    ...(timeToLiveHours === 0 ? [] : [`may be removed after ${timeToLiveHours} h`]),
  ].join(", ");

const list = (title: string, problems: Plan["problems"]): string =>
  problems.length === 0 ? "" : [`${title}:`, ...problems.map(({ message, fix }) => `  - ${message}\n      fix: ${fix}`)].join("\n");
