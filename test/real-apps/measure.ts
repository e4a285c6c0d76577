import { isDeepStrictEqual } from "node:util";
import { load } from "../../lib";
import { plan } from "../../lib/plan";
import type { Definition } from "../../lib/definition";
import { provisionedKinds } from "../../lib/kinds/provisioned";
import { localFacts } from "../../lib/local/facts";
import { parseSync } from "../../lib/values/parse";
import { textsOfFound, textsOfResource, type Texts } from "../../lib/values/written";
import type { RealApp } from "./app";

/** What the process of an app gets when it is declared, and what is wrong with it. */
export interface Measured {
  readonly app: RealApp;
  /** The variables that name a service and reach the process under their own names. */
  readonly delivered: readonly string[];
  /** Those that do not. */
  readonly lacking: readonly string[];
  /** Where the plan, the process and `load()` disagree. */
  readonly faults: readonly string[];
}

/** Plans the app for this machine, encodes examples of what its servers and a person provide, and loads that again. */
export const measure = async (app: RealApp): Promise<Measured> => {
  const group = app.declare();
  const supplied: Texts = Object.assign({}, ...group.definitions.map(suppliedExample), app.supplied) as Texts;
  const texts = new Map(group.definitions.map((definition) => [definition, textsOf(definition, supplied)]));
  const process: Texts = Object.assign({}, ...texts.values()) as Texts;
  const secret = new Set(group.definitions.flatMap(({ variables }) => variables.flatMap((one) => (one.secret ? [one.name] : []))));
  const told = Object.fromEntries(Object.entries(supplied).map(([name, text]) => [name, secret.has(name) || text]));
  const planned = plan({ project: "apps", groups: [group], environment: "development", target: localFacts, supplied: told });
  const ready = planned.variables.filter(({ state, source }) => state === "ready" && source !== "default").map(({ name }) => name);
  const config = new Map<string, unknown>(Object.entries(await load(group, { env: { ...process, ENDOW_ENVIRONMENT: "development" } })));
  const faults = [
    ...planned.problems.map(({ path, message }) => `${path} ${message}`),
    ...planned.missing.map(({ message }) => message),
    ...difference(ready, Object.keys(process)).map((name) => `the plan says that ${name} is ready, but the process lacks it`),
    ...difference(Object.keys(process), ready).map((name) => `the process has ${name}, but the plan does not say so`),
    ...[...texts].flatMap(([definition, own]) => {
      const value = config.get(definition.name);
      const fields = definition.kind.decode(value);
      if (value === undefined) return [`load() gives no value for ${definition.name}`];
      return fields === undefined || isDeepStrictEqual(textsOfResource(definition, fields), own)
        ? []
        : [`load() gives another value for ${definition.name} than the process has`];
    }),
  ];
  return {
    app,
    delivered: app.variables.filter((name) => name in process),
    lacking: difference(app.variables, Object.keys(process)),
    faults,
  };
};

/** Share of the variables that are delivered, in percent, and the number of apps of which all are. */
export const sumOf = (measured: readonly Measured[]) => {
  const all = measured.flatMap(({ app }) => app.variables).length;
  const delivered = measured.flatMap((one) => one.delivered).length;
  return {
    all,
    delivered,
    share: (100 * delivered) / all,
    apps: measured.length,
    whole: measured.filter(({ lacking }) => lacking.length === 0).length,
  };
};

const isProvisioned = ({ kind }: Definition): boolean => kind.server !== undefined;

/** What a person supplies, in each variable of the setting, if no server provides its value. */
const suppliedExample = (definition: Definition): Texts => {
  const { kind, variables } = definition;
  const example = isProvisioned(definition) ? undefined : kind.example();
  if (!example) return {};
  const parsed = parseSync(definition, example, variables);
  const fields = "value" in parsed ? kind.decode(parsed.value) : undefined;
  const texts = fields
    ? kind.encode(
        fields,
        variables.map(({ field }) => field),
      )
    : example;
  return Object.fromEntries(variables.flatMap(({ name, field }) => (texts[field] === undefined ? [] : [[name, texts[field]]])));
};

const textsOf = (definition: Definition, supplied: Texts): Texts => {
  if (isProvisioned(definition))
    return textsOfResource(definition, withoutShared(provisionedKinds.get(definition.kind.name).exampleFields));
  const found = Object.fromEntries(
    definition.variables.flatMap(({ name, field }) => (supplied[name] === undefined ? [] : [[field, supplied[name]]])),
  );
  return textsOfFound(definition, found, undefined, false);
};

/** Servers on this machine are never shared by environments, so that keys have no prefix. */
const withoutShared = (fields: object): object => Object.fromEntries(Object.entries(fields).filter(([field]) => field !== "prefix"));

const difference = (some: readonly string[], others: readonly string[]): readonly string[] => some.filter((name) => !others.includes(name));
