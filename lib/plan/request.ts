import type { Definition } from "../definition";
import type { Problem } from "../errors";
import { screamingSnake } from "../names";
import type { PlanContext } from "./context";

/** Problems of the request as a whole. */
export const requestProblems = (context: PlanContext): readonly Problem[] => {
  const { request, environment, settings } = context;
  const definitions = settings.map(({ definition }) => definition);
  return [
    ...nameProblems("PROJECT_NAME", "project", request.project, 'choose a name such as "shop"'),
    ...nameProblems("ENVIRONMENT_NAME", "environment", environment.name, 'choose a name such as "staging" or "pr-42"'),
    ...[...repeated(request.groups.map(({ name }) => screamingSnake(name)))].map((name) =>
      problem(
        "GROUP_TWICE",
        name,
        `two groups have the name ${name}`,
        "rename one: a group's name is also the name of its secret container",
      ),
    ),
    ...ids(definitions),
    ...unknownIds(context, definitions),
  ];
};

const problem = (code: string, path: string, message: string, fix: string): Problem => ({ code, path, message, fix });

/** Names that become parts of store entries. */
const nameProblems = (code: string, what: string, name: string, fix: string): readonly Problem[] =>
  /^\w[\w.-]*$/.test(name)
    ? []
    : [
        problem(
          code,
          what,
          `the ${what} name ${JSON.stringify(name)} must start with a letter, digit or _ and contain only letters, digits, - _ and .`,
          fix,
        ),
      ];

const repeated = (names: readonly string[]): ReadonlySet<string> => {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) twice.add(name);
    seen.add(name);
  }
  return twice;
};

const ids = (definitions: readonly Definition[]): readonly Problem[] =>
  [...repeated(definitions.flatMap(({ id, formerly }) => [...new Set([id, ...formerly])]))].map((id) =>
    problem(
      "ID_TWICE",
      id,
      `two settings have the id "${id}", now or formerly`,
      "choose another id: an id permanently identifies the resources of one setting",
    ),
  );

const unknownIds = ({ request: { hosting = {} } }: PlanContext, definitions: readonly Definition[]): readonly Problem[] => {
  const known = new Set(definitions.filter(({ kind }) => kind.server).map(({ id }) => id));
  return Object.keys(hosting)
    .filter((id) => !known.has(id))
    .map((id) =>
      problem(
        "EXISTING_UNKNOWN",
        id,
        `\`existing\` names "${id}", but no provisionable setting has that id`,
        "name the id of a setting such as postgresUrl() or bucket()",
      ),
    );
};
