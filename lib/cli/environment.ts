import { type Environment, environmentOf, environmentTypes, type EnvironmentType } from "../environment";
import { codeOf, fault } from "../errors";

const FLAG = "--environment";

/**
 * Parses `production`, or `qa=test` for a name that does not imply a type.
 *
 * @throws EndowError `ENVIRONMENT_NAME`, `ENVIRONMENT_UNKNOWN`
 */
export const parseEnvironment = (text: string): Environment => {
  const [, name = "", type] = /^([^=]*)(?:=(.*))?$/s.exec(text) ?? [];
  if (!/^[A-Za-z0-9][\w.-]*$/.test(name))
    throw fault(
      "ENVIRONMENT_NAME",
      `${JSON.stringify(name)} is not a valid environment name: only letters, digits, - _ and . are allowed`,
      'choose a name such as "staging" or "pr-42"',
      FLAG,
    );
  if (type === undefined) return wellKnown(name);
  if (isType(type)) return { name, type };
  throw fault(
    "ENVIRONMENT_UNKNOWN",
    `${JSON.stringify(type)} is not a valid environment type: must be one of ${environmentTypes.join(", ")}`,
    `use one of them: ${FLAG} ${name}=test`,
    FLAG,
  );
};

const isType = (text: string): text is EnvironmentType => environmentTypes.some((type) => type === text);

const wellKnown = (name: string): Environment => {
  try {
    return environmentOf(name);
  } catch (error) {
    if (codeOf(error) !== "ENVIRONMENT_UNKNOWN") throw error;
    throw fault(
      "ENVIRONMENT_UNKNOWN",
      `the name ${JSON.stringify(name)} does not imply an environment type (${environmentTypes.join(", ")})`,
      `correct the name, or add the type: ${FLAG} ${name}=test`,
      FLAG,
    );
  }
};
