import type { Problem } from "../errors";
import { isReserved, variableName } from "../names";
import { isGroup, type Group } from "../settings";
import type { App } from "./app";

/** Problems in a workload's definition. */
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
      : [problem("", `the name must be 1 to 37 characters of a-z, 0-9 and -, starting with a letter`, 'choose a name such as "web"')]),
    ...(Array.isArray(command) && command.length > 0 && command.every((part) => typeof part === "string") && command[0] !== ""
      ? []
      : [
          problem(
            ".command",
            "the command must be a non-empty array of strings",
            'give the program and its arguments: ["node", "server.js"]',
          ),
        ]),
    ...(Array.isArray(reads) && reads.every(isGroup)
      ? []
      : [problem(".reads", "`reads` must be an array of groups", "list the groups that it reads, or none: []")]),
    ...(port === undefined || (Number.isInteger(port) && port >= 1 && port <= 65_535)
      ? []
      : [problem(".port", "the port must be an integer from 1 to 65535", "correct it, or omit it")]),
    ...(health === undefined || health.startsWith("/")
      ? []
      : [problem(".health", "the health path must start with /", 'use a path such as "/health"')]),
    ...(health !== undefined && port === undefined ? [problem(".port", "a health path requires a port", "give the port")] : []),
    ...Object.keys(env).flatMap((variable) => {
      const owner = owners.get(variable);
      if (owner !== undefined)
        return [problem(`.env.${variable}`, `${variable} belongs to a setting of "${owner}"`, "remove it: the setting provides its value")];
      if (variable === "PORT" && port !== undefined)
        return [problem(".env.PORT", "PORT is already set from `port`", "remove it, or remove `port`")];
      if (!variableName.test(variable))
        return [problem(`.env.${variable}`, `"${variable}" is not a valid environment variable name`, "use A-Z, 0-9 and _")];
      return isReserved(variable) && variable.startsWith("ENDOW_")
        ? [problem(`.env.${variable}`, `${variable} is set by endow itself`, "remove it")]
        : [];
    }),
  ];
};
