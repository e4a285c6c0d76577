import { type Environment, environmentOf, environmentTypes, type EnvironmentType } from "../environment";
import { codeOf, fault } from "../errors";

const FLAG = "--environment";

/**
 * The environment of `production`, or of `qa=test` where the name does not say what it is for.
 *
 * @throws EndowError `ENVIRONMENT_NAME`, `ENVIRONMENT_UNKNOWN`
 */
export const parseEnvironment = (text: string): Environment => {
  const [, name = "", type] = /^([^=]*)(?:=(.*))?$/s.exec(text) ?? [];
  if (!/^[A-Za-z0-9][\w.-]*$/.test(name))
    throw fault(
      "ENVIRONMENT_NAME",
      `the environment name ${JSON.stringify(name)} is not made of letters, digits, - _ and .`,
      'choose a name such as "production" or "pr-42"',
      FLAG,
    );
  if (type === undefined) return wellKnown(name);
  if (isType(type)) return { name, type };
  throw fault(
    "ENVIRONMENT_UNKNOWN",
    `${JSON.stringify(type)} is not a type of environment: allowed are ${environmentTypes.join(", ")}`,
    `give one of them: ${FLAG} ${name}=test`,
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
      `the name ${JSON.stringify(name)} does not say what the environment is for: ${environmentTypes.join(", ")}`,
      `correct the name, or say it: ${FLAG} ${name}=test`,
      FLAG,
    );
  }
};
