import type { Definition } from "../definition";
import type { Problem } from "../errors";
import { groupName, variableName } from "../names";

/** The group that is extended. */
interface Base {
  readonly name: string;
  readonly definitions: readonly Definition[];
}

/** The group's own part of a declaration. */
interface Head {
  readonly name: string;
  readonly prefix?: unknown;
  /** Names of its settings. */
  readonly own: readonly string[];
  /** Names in `requiredWhen`. */
  readonly conditional: readonly string[];
  readonly base?: Base | undefined;
}

/** Problems of the group itself: its name, and references to settings that it does not have. */
export const headProblems = ({ name, prefix, own, conditional, base }: Head): readonly Problem[] => {
  const problem = (message: string, fix: string): Problem => ({ code: "GROUP_DECLARATION", path: name, message, fix });
  const owned = new Set(own);
  const inherited = new Set(base?.definitions.map((definition) => definition.name));
  return [
    ...nameProblems(name, problem),
    ...(prefix === undefined || isPrefix(prefix)
      ? []
      : [
          problem(
            `the prefix of group "${name}" must contain only letters, digits and _, and not start with a digit`,
            'choose a prefix such as "APP_"',
          ),
        ]),
    ...(own.length + inherited.size === 0 ? [problem("the group has no settings", "declare at least one")] : []),
    ...[...inherited]
      .filter((key) => owned.has(key))
      .map((key) =>
        problem(`${name}.${key} is already a setting of "${base?.name}"`, "choose another name: a group inherits all settings of its base"),
      ),
    ...conditional
      .filter((key) => !owned.has(key))
      .map((key) =>
        inherited.has(key)
          ? problem(`requiredWhen names "${key}", a setting of "${base?.name}"`, `set requiredWhen in "${base?.name}"`)
          : problem(`requiredWhen names "${key}", which is not a setting of this group`, `name one of ${own.join(", ")}`),
      ),
  ];
};

export const isPrefix = (prefix: unknown): prefix is string => typeof prefix === "string" && variableName.test(prefix);

const nameProblems = (name: string, problem: (message: string, fix: string) => Problem): readonly Problem[] => {
  if (!groupName.test(name))
    return [
      problem(
        `the group name ${JSON.stringify(name)} must contain only letters, digits, - and _`,
        'choose a name such as "shared" or "web-api"',
      ),
    ];
  return name.toLowerCase() === "environment"
    ? [
        problem(
          `a group cannot be named "${name}": its store address would be in ENDOW_ENVIRONMENT, which is reserved`,
          'choose a name such as "shared"',
        ),
      ]
    : [];
};
