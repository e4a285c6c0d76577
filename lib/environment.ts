import { z } from "zod/v4";
import { fault, type Problem } from "./errors";
import { once } from "./internal/once";
import { ownValue } from "./internal/own-value";

/** The purpose of an environment, which decides size, backups, protection, and which values are required. */
export type EnvironmentType = "production" | "test" | "development" | "preview";

/** Environment variables, in the form of `process.env`. */
export type Env = Readonly<Record<string, string | undefined>>;

/** One environment, deployed as one Pulumi stack. */
export interface Environment {
  /** Usually the stack's name: `staging`, `pr-42`. Part of store entries and of resource names. */
  readonly name: string;
  /** Its purpose. */
  readonly type: EnvironmentType;
}

/** Resource defaults of an environment type. */
export interface Profile {
  /** Size of the servers. */
  readonly size: "small" | "standard";
  /** Whether a server has a standby in another zone. */
  readonly highlyAvailable: boolean;
  /** Days that backups are kept; 0 for none. */
  readonly backupDays: number;
  /** Whether stateful resources are protected from deletion. */
  readonly protected: boolean;
  /** Hours until the environment may be removed; 0 for never. */
  readonly timeToLiveHours: number;
}

/** A project's overrides of the profiles, by type: `{ test: { highlyAvailable: true }, preview: { timeToLiveHours: 24 } }`. */
export type ProfileChanges = { readonly [T in EnvironmentType]?: Partial<Profile> };

export const environmentTypes = ["production", "test", "development", "preview"] as const satisfies readonly EnvironmentType[];

const profiles: Readonly<Record<EnvironmentType, Profile>> = {
  production: { size: "standard", highlyAvailable: true, backupDays: 14, protected: true, timeToLiveHours: 0 },
  test: { size: "small", highlyAvailable: false, backupDays: 1, protected: true, timeToLiveHours: 0 },
  development: { size: "small", highlyAvailable: false, backupDays: 0, protected: false, timeToLiveHours: 0 },
  preview: { size: "small", highlyAvailable: false, backupDays: 0, protected: false, timeToLiveHours: 72 },
};

/** The profile of an environment's type, with the project's overrides. Invalid overrides are ignored. */
export const profileOf = ({ type }: Environment, changes: ProfileChanges = {}): Profile => ({
  ...profiles[type],
  ...changesSchema().safeParse({ [type]: ownValue(changes, type) }).data?.[type],
});

/** Problems in the profile overrides, including those of other environment types. */
export const profileProblems = (changes: unknown): readonly Problem[] =>
  (changesSchema().safeParse(changes ?? {}).error?.issues ?? []).map((issue) => {
    const place = ["environments", ...issue.path].join(".");
    if (issue.code !== "unrecognized_keys")
      return { code: "PROFILE_INVALID", path: place, message: `${place} ${issue.message}`, fix: "correct it" };
    const known = issue.path.length === 0 ? environmentTypes : Object.keys(profiles.production);
    return {
      code: "PROFILE_INVALID",
      path: place,
      message: `${place} has no ${issue.keys.map((key) => JSON.stringify(key)).join(", ")}`,
      fix: `use ${known.join(", ")}`,
    };
  });

/** An unknown key has its own message. */
const anObject = { error: ({ code }: { readonly code?: string }) => (code === "unrecognized_keys" ? undefined : "must be an object") };

const changesSchema = once(() => {
  const count = z.int("must be a whole number").min(0, "must be 0 or more");
  const flag = z.boolean("must be true or false");
  const profile = z
    .strictObject(
      {
        size: z.enum(["small", "standard"], 'must be "small" or "standard"'),
        highlyAvailable: flag,
        backupDays: count,
        protected: flag,
        timeToLiveHours: count,
      } satisfies Record<keyof Profile, z.ZodType>,
      anObject,
    )
    .partial()
    .transform((given): Partial<Profile> => Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)));
  const types = { production: profile, test: profile, development: profile, preview: profile } satisfies Record<EnvironmentType, z.ZodType>;
  return z.strictObject(types, anObject).partial();
});

const names: ReadonlyArray<readonly [RegExp, EnvironmentType]> = [
  [/^(production|prod)$/, "production"],
  [/^(test|staging|ci)$/, "test"],
  [/^(development|dev)$/, "development"],
  [/^preview(-.+)?$/, "preview"],
  [/^pr-\d+$/, "preview"],
];

const ALLOWED = "production (prod), test (staging, ci), development (dev), preview-<name> and pr-<number>";

/**
 * The environment that a stack's name stands for: `staging` is a test environment, `pr-42` a preview. Strict, because a wrong guess could put test
 * sizes on production.
 *
 * @throws EndowError `ENVIRONMENT_UNKNOWN` for any other name; its fix shows how to state the type.
 */
export const environmentOf = (given: string | Environment): Environment => {
  if (typeof given !== "string") {
    if (environmentTypes.includes(given.type)) return given;
    throw unknownEnvironment(given.type, `use one of these types: ${environmentTypes.join(", ")}`);
  }
  const environment = named(given);
  if (environment) return environment;
  throw unknownEnvironment(given, `rename it, or state its type: { name: ${JSON.stringify(given)}, type: "test" }`);
};

/**
 * The environment that this process runs in: `ENDOW_ENVIRONMENT`, which every delivery sets, else `ENVIRONMENT` if it is an environment's name,
 * else production when `NODE_ENV` is `production`, else development. Many apps use their own values for `ENVIRONMENT`, such as `local`.
 *
 * @throws EndowError `ENVIRONMENT_UNKNOWN` when `ENDOW_ENVIRONMENT` holds any other name.
 */
export const runtimeEnvironment = (env: Env): Environment => {
  const { ENDOW_ENVIRONMENT: own, ENVIRONMENT: given, NODE_ENV } = env;
  const environment = named(own || given || "");
  if (own && !environment) throw unknownEnvironment(own, "set ENDOW_ENVIRONMENT to one of these names, or unset it", "ENDOW_ENVIRONMENT");
  return environment ?? environmentOf(NODE_ENV === "production" ? "production" : "development");
};

/** The environment with a name that determines its type. */
const named = (name: string): Environment | undefined => {
  const type = names.find(([pattern]) => pattern.test(name))?.[1];
  return type && { name, type };
};

const unknownEnvironment = (name: string, fix: string, path = "environment") =>
  fault("ENVIRONMENT_UNKNOWN", `${JSON.stringify(name)} is not a valid environment: allowed are ${ALLOWED}`, fix, path);
