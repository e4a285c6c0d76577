import type { Definition } from "../definition";
import { SettingsError, type Problem } from "../errors";
import type { VariableTexts } from "../kind";
import type { Config, Group } from "../settings";
import { absentInput, inputOf, parseSync, type Parsed } from "../values/parse";

/** Values for `fake()`: a variable's text, text by field for a kind with several variables, or a plain setting's value. */
export type FakeValues<G extends Group> = { readonly [K in keyof Config<G>]?: string | VariableTexts | Config<G>[K] };

/**
 * Creates a configuration for tests, of the same type that `load()` returns, from the given values and examples for the rest.
 * Reads no environment and no store.
 *
 * @throws SettingsError `FAKE_INCOMPLETE` naming every setting without an example and every invalid value.
 */
export const fake = <G extends Group>(group: G, values: FakeValues<G> = {}): Config<G> => {
  const given = new Map<string, unknown>(Object.entries(values));
  const byName = new Map(group.definitions.map((definition) => [definition.name, definition]));
  const unknown = [...given.keys()].filter((name) => !byName.has(name));
  const results = group.definitions.map((definition) => ({ definition, ...valueOf(definition, given, byName) }));
  const problems = [
    ...unknown.map((name): Problem => ({
      code: "FAKE_UNKNOWN",
      path: name,
      message: `"${name}" is not a setting of "${group.name}"`,
      fix: "correct the name",
    })),
    ...results.flatMap((result) => ("problems" in result ? result.problems : [])),
  ];
  if (problems.length > 0) throw new SettingsError("FAKE_INCOMPLETE", `fake(${group.name}) failed:`, problems);
  return Object.freeze(
    Object.fromEntries(results.map((result) => [result.definition.name, "value" in result ? result.value : undefined])),
  ) as Config<G>;
};

const valueOf = (definition: Definition, given: ReadonlyMap<string, unknown>, byName: ReadonlyMap<string, Definition>): Parsed => {
  const holder = holderOf(definition, given, byName);
  if (holder) return fromGiven(holder, given.get(holder.name));
  const absent = absentInput(definition, byName);
  if (absent) return parseSync(definition, absent.input, definition.variables);
  const next = definition.fallback === undefined ? undefined : byName.get(definition.fallback);
  if (next) return inherited(valueOf(next, given, byName));
  if (definition.requiredIn || definition.requiredWhen) return { value: undefined };
  const example = definition.kind.example();
  return example ? fromTexts(definition, example) : { problems: [noExample(definition)] };
};

/** The first setting, of this one and its fallbacks, that the test gives a value. */
const holderOf = (
  definition: Definition,
  given: ReadonlyMap<string, unknown>,
  byName: ReadonlyMap<string, Definition>,
): Definition | undefined => {
  if (given.get(definition.name) !== undefined) return definition;
  const next = definition.fallback === undefined ? undefined : byName.get(definition.fallback);
  return next && holderOf(next, given, byName);
};

const fromGiven = (definition: Definition, value: unknown): Parsed => {
  if (typeof value === "string") return fromTexts(definition, { [definition.kind.variables[0]?.field ?? ""]: value });
  return isTexts(value) && !definition.kind.plain ? fromTexts(definition, value) : { value };
};

/** A fallback without a value, including `null`, leaves the setting unset. */
const inherited = (parsed: Parsed): Parsed => ("value" in parsed ? { value: parsed.value ?? undefined } : parsed);

const fromTexts = (definition: Definition, texts: VariableTexts): Parsed => {
  const made = inputOf(definition, texts, definition.variables);
  return "problems" in made ? made : parseSync(definition, made.input, definition.variables);
};

const isTexts = (value: unknown): value is VariableTexts =>
  typeof value === "object" &&
  value !== null &&
  Object.getPrototypeOf(value) === Object.prototype &&
  Object.values(value).every((text) => typeof text === "string");

const noExample = ({ name }: Definition): Problem => ({
  code: "FAKE_VALUE",
  path: name,
  message: `"${name}" has no example value`,
  fix: `pass { ${name}: ... } to fake()`,
});
