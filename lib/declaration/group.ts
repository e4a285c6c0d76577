import type { Definition } from "../definition";
import type { Problem } from "../errors";
import { groupName } from "../names";

/** The group that is extended. */
interface Base {
  readonly name: string;
  readonly definitions: readonly Definition[];
}

/** What is wrong with a group as such: its name, and what names settings that it does not have. */
export const headProblems = (name: string, own: readonly string[], conditional: readonly string[], base?: Base): readonly Problem[] => {
  const problem = (message: string, fix: string): Problem => ({ code: "GROUP_DECLARATION", path: name, message, fix });
  const owned = new Set(own);
  const inherited = new Set(base?.definitions.map((definition) => definition.name));
  return [
    ...nameProblems(name, problem),
    ...(own.length + inherited.size === 0 ? [problem("the group has no settings", "declare at least one")] : []),
    ...[...inherited]
      .filter((key) => owned.has(key))
      .map((key) =>
        problem(
          `${name}.${key} is already a setting of "${base?.name}"`,
          "choose another name: an extended group keeps all settings of its base",
        ),
      ),
    ...conditional
      .filter((key) => !owned.has(key))
      .map((key) =>
        inherited.has(key)
          ? problem(`requiredWhen names "${key}", a setting of "${base?.name}"`, `say in "${base?.name}" when it is required`)
          : problem(`requiredWhen names "${key}", which is not a setting of this group`, `name one of ${own.join(", ")}`),
      ),
  ];
};

const nameProblems = (name: string, problem: (message: string, fix: string) => Problem): readonly Problem[] => {
  if (!groupName.test(name))
    return [
      problem(
        `the group name ${JSON.stringify(name)} is not made of letters, digits, - and _`,
        'choose a name such as "shared" or "web-api"',
      ),
    ];
  return name.toLowerCase() === "environment"
    ? [problem(`a group cannot be called "${name}": its store would be in ENDOW_ENVIRONMENT`, 'choose a name such as "shared"')]
    : [];
};
