import type { Problem } from "../errors";
import { isReserved, variableName } from "../names";
import { isGroup, type Group } from "../settings";
import type { App } from "./app";

/** What is wrong with what is said about a workload. */
export const appProblems = (name: string, app: App, groups: readonly Group[]): readonly Problem[] => {
  const problem = (path: string, message: string, fix: string): Problem => ({
    code: "APP_INVALID",
    path: `apps.${name}${path}`,
    message: `app "${name}": ${message}`,
    fix,
  });
  const { command, port, health, reads, env = {} } = app;
  const owners = new Map(
    groups.flatMap((group) =>
      group.definitions.flatMap(({ variables }) => variables.map((variable) => [variable.name, group.name] as const)),
    ),
  );
  return [
    ...(/^[a-z][a-z0-9-]{0,36}$/.test(name)
      ? []
      : [problem("", `its name is not made of 1 to 37 of a-z, 0-9 and -, starting with a letter`, 'choose a name such as "web"')]),
    ...(Array.isArray(command) && command.length > 0 && command.every((part) => typeof part === "string") && command[0] !== ""
      ? []
      : [problem(".command", "the command is not a list of texts", 'give the program and its parameters: ["node", "server.js"]')]),
    ...(Array.isArray(reads) && reads.every(isGroup)
      ? []
      : [problem(".reads", "what it reads is not a list of groups", "give groups in an array, or none: []")]),
    ...(port === undefined || (Number.isInteger(port) && port >= 1 && port <= 65_535)
      ? []
      : [problem(".port", "the port must be an integer from 1 to 65535", "correct it, or leave it out")]),
    ...(health === undefined || health.startsWith("/")
      ? []
      : [problem(".health", "the health path does not start with /", 'give a path such as "/health"')]),
    ...(health !== undefined && port === undefined
      ? [problem(".port", "there is a health path, and no port to ask it on", "give the port")]
      : []),
    ...Object.keys(env).flatMap((variable) => {
      const owner = owners.get(variable);
      if (owner !== undefined)
        return [problem(`.env.${variable}`, `${variable} belongs to a setting of "${owner}"`, "take it out: its value comes from there")];
      if (variable === "PORT" && port !== undefined)
        return [problem(".env.PORT", "PORT is what the app gets from `port`", "take it out, or take out `port`")];
      if (!variableName.test(variable))
        return [problem(`.env.${variable}`, `"${variable}" is not a valid environment variable name`, "use A-Z, 0-9 and _")];
      return isReserved(variable) && variable.startsWith("ENDOW_")
        ? [problem(`.env.${variable}`, `${variable} is set by endow itself`, "take it out")]
        : [];
    }),
  ];
};
