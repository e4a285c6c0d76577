import type { Definition } from "../definition";
import type { Problem } from "../errors";
import type { PlanContext } from "./context";

/** What is wrong with a request as a whole. */
export const requestProblems = (context: PlanContext): readonly Problem[] => {
  const { request, settings } = context;
  const definitions = settings.map(({ definition }) => definition);
  return [
    ...(/^[\w][\w.-]*$/.test(request.project)
      ? []
      : [
          problem(
            "PROJECT_NAME",
            "project",
            `the project name ${JSON.stringify(request.project)} is not made of letters, digits, - _ and .`,
            'choose a name such as "shop"',
          ),
        ]),
    ...repeated(request.groups.map(({ name }) => name)).map((name) =>
      problem("GROUP_TWICE", name, `two groups are called "${name}"`, "rename one: a group's name is the name of its secret container"),
    ),
    ...ids(definitions),
    ...unknownNames(context, definitions),
    ...halves(context, definitions),
  ];
};

const problem = (code: string, path: string, message: string, fix: string): Problem => ({ code, path, message, fix });

const repeated = (names: readonly string[]): readonly string[] => {
  const seen = new Set<string>();
  return names.filter((name) => seen.size === seen.add(name).size);
};

const ids = (definitions: readonly Definition[]): readonly Problem[] =>
  repeated(definitions.flatMap(({ id, formerly }) => [id, ...formerly])).map((id) =>
    problem(
      "ID_TWICE",
      id,
      `two settings have the id "${id}", now or formerly`,
      "an id names one setting's resources for ever: choose another",
    ),
  );

const unknownNames = ({ request, supplied }: PlanContext, definitions: readonly Definition[]): readonly Problem[] => {
  const known = new Set(definitions.flatMap(({ variables, aliases }) => [variables, ...aliases].flat().map(({ name }) => name)));
  const existing = new Set(definitions.filter(({ kind }) => kind.server).map(({ id }) => id));
  return [
    ...[...supplied.keys()]
      .filter((name) => !known.has(name))
      .map((name) =>
        problem("SUPPLIED_UNKNOWN", name, `${name} is supplied, but no setting has that variable`, "correct the name, or take it out"),
      ),
    ...(request.existing ?? [])
      .filter((id) => !existing.has(id))
      .map((id) =>
        problem(
          "EXISTING_UNKNOWN",
          id,
          `"${id}" is said to exist, but no setting with a resource has that id`,
          "name the id of a setting such as postgresUrl() or bucket()",
        ),
      ),
  ];
};

/** A value of several variables comes whole or not at all. */
const halves = ({ supplied }: PlanContext, definitions: readonly Definition[]): readonly Problem[] =>
  definitions.flatMap(({ variables, aliases }) =>
    [variables, ...aliases].flatMap((names) => {
      const absent = names.filter(({ name, required }) => required && !supplied.has(name)).map(({ name }) => name);
      const given = names.find(({ name }) => supplied.has(name));
      return given && absent.length > 0
        ? [
            problem(
              "SUPPLIED_INCOMPLETE",
              absent[0] ?? "",
              `${absent.join(" and ")} must be supplied too, because ${given.name} is`,
              "supply all of them, or none",
            ),
          ]
        : [];
    }),
  );
