import type { z } from "zod/v4";
import type { Container, Versions } from "./container";
import type { EnvironmentType } from "./environment";
import type { Generation } from "./generation";

/** An environment variable that settings of a kind can have. */
export interface Variable {
  /** Its field: `url`, `host`, `bucket`; `value` for a kind with one variable. */
  readonly field: string;
  /**
   * The suffix of the setting's base name: `REGION`; "" for the base name itself.
   * @default - the setting has the variable only if its `variables` names it
   */
  readonly suffix?: string;
  /** Whether the text is secret. */
  readonly secret: boolean;
  /** Whether a complete value requires it. */
  readonly required: boolean;
  /**
   * The form of the value that it belongs to: a connection URL or its parts. Either form is a complete value.
   * @default - belongs to every form
   */
  readonly form?: "url" | "parts";
  /**
   * Names that the platform or the user may set for other purposes. A setting with only such variables set has no value.
   * @default - none
   */
  readonly ambient?: readonly string[];
}

/**
 * One statement of a role's lifecycle, run by an administrator who need not be a superuser. Idempotent: the statement is skipped when the query
 * `unless` finds the work already done, so a step can always run again. `on: "database"` needs a connection to the setting's own database.
 */
export interface Step {
  readonly on: "server" | "database";
  readonly unless?: string;
  readonly run: string;
  /**
   * Whether `run` is a query that returns the statements to run, one per row, as for psql's `\\gexec`.
   * @default false
   */
  readonly generates?: boolean;
}

/**
 * A database, its owner and its login. An owner role without login rights owns the database and everything in it. Logins are members of the owner and
 * act as it, so that another login can take over. A login is created from its verifier, never from its password, so that no statement and no server
 * log can contain one.
 */
export interface Role {
  readonly owner: string;
  readonly login: string;
  readonly verifier: string;
  readonly database: string;
}

/** How a login and its database are created, disabled and dropped, in statements of the kind's servers. */
export interface RoleProgram<Options> {
  /** Default port of a server. */
  readonly port: number;
  /** Touches nothing but the login, its owner and the database. */
  readonly ensure: (role: Role, options: Options) => readonly Step[];
  /** Further steps that keep logins out of each other's databases. Only for a server that endow alone manages. */
  readonly isolate: () => readonly Step[];
  /** Ends the login's sessions and refuses new ones. */
  readonly disable: (role: Pick<Role, "login">) => readonly Step[];
  /** Deletes data: only where the environment's type allows it. */
  readonly drop: (role: Pick<Role, "owner" | "login" | "database">) => readonly Step[];
}

/** The place where a resource is created. */
export interface ResourcePlace {
  readonly environment: EnvironmentType;
  /** Whether endow manages the server, rather than the program providing it. */
  readonly ownServer: boolean;
}

/** The server that a setting needs: within an environment, settings that name the same server share it. */
export interface ServerNeed {
  /**
   * Permanently distinguishes the server from others of its kind: a version change updates the same server.
   * @default - the kind's name where servers are shared, else the setting's id
   */
  readonly id?: string;
  /** Former ids of the server. */
  readonly formerly?: readonly string[];
  /** Requested version, as the kind writes it: `"17"`; absent when any will do. */
  readonly version?: string;
  /**
   * Whether several settings can share one server. False where the server cannot isolate them.
   * @default true
   */
  readonly shared?: boolean;
}

/** The text of each variable of a setting, by field. */
export type VariableTexts = Readonly<Record<string, string>>;

/** Encodes a resource's fields as the text of each variable, by the variable's field; `undefined` if the resource has no such value. */
export type Encoders<Fields, Options> = Readonly<Record<string, (fields: Fields, options: Options) => string | undefined>>;

/** Whether a field may be shown. */
export type Visibility = "public" | "secret";

/** The visibility of every field of a kind. */
export type VisibilityOf<Fields> = { readonly [F in keyof Fields]-?: Visibility };

/** Fields that not every resource has; `"shared"`: only on resources that environments share. */
type OptionalOf<Fields> = { readonly [F in keyof Fields as undefined extends Fields[F] ? F : never]-?: true | "shared" };

/**
 * A kind of setting. `Options` are the options of its builder, `Fields` the fields of a provisioned resource,
 * `Value` the value that `load()` returns.
 */
export interface Kind<Name extends string, Options, Fields, Value> {
  readonly name: Name;
  /** Whether the value as a whole is secret: then a default cannot be declared, and no library's message about it is shown. */
  readonly secret: boolean;
  /** Whether the declared schema alone parses the value, from decoded text: true for plain settings, whose value a plan may read. */
  readonly plain?: boolean;
  /** Schema of the kind's own options. Built lazily, so that an app pays only for the kinds that it uses. */
  readonly options: () => z.ZodType<Options>;
  /**
   * The options that apply in a place.
   * @default - the same everywhere
   */
  readonly optionsIn?: (options: Options, place: ResourcePlace) => Options;
  readonly variables: readonly Variable[];
  /**
   * Fields with the same value for all settings on one server, which can therefore share the variable.
   * @default - none
   */
  readonly sharedFields?: (options: Options) => readonly string[];
  /** Visibility of each field of a provisioned resource. */
  readonly fields?: VisibilityOf<Fields>;
  /**
   * Fields that not every resource has.
   * @default - every resource has all fields
   */
  readonly optionalFields?: OptionalOf<Fields>;
  /** Example values of all fields, for tests: the secret ones are placeholders. */
  readonly exampleFields?: Required<Fields>;
  /** Encodes the fields of a resource or a generated value as the text of each variable. */
  readonly encode?: Encoders<Fields, Options>;
  /**
   * The options that encoding needs, as plain data.
   * @default - all of them
   */
  readonly encodeOptions?: (options: Options) => Partial<Options>;
  /** The fields of a parsed value: the inverse of `encode`. */
  readonly decode?: (value: Value) => Fields;
  /** Parses text by field into the application's value. Its messages are endow's own and never contain the value. */
  readonly schema: (options: Options) => z.ZodType<Value, VariableTexts>;
  /**
   * Example texts for `fake()` where a test gives no value; they must parse.
   * @default - the text of `exampleFields`, without the optional ones; none for a kind without fields
   */
  readonly example?: (options: Options) => VariableTexts | undefined;
  /**
   * The secrets in a value: in production, no other variable may contain any of them.
   * @default - the text of each secret variable
   */
  readonly secrets?: (value: Value) => readonly string[];
  /** Reasons why production rejects a value that parses: too short, a placeholder. None contains the value. */
  readonly weaknesses?: (value: Value) => readonly string[];
  /** Present when a resource can provide the value. */
  readonly server?: (options: Options) => ServerNeed;
  /** How the value is generated if the user supplies none; `undefined` when only the user can supply it. */
  readonly generation?: (options: Options) => Generation | undefined;
  /** Absent where resources have no selectable version. */
  readonly versions?: Versions;
  /** How the server runs in a container. */
  readonly container?: Container;
  /** Present where logins are created on a server by steps. */
  readonly role?: RoleProgram<Options>;
}

/** Checks a kind's shape while keeping its own types, including the visibility of its fields. */
export const defineKind = <const Name extends string, Options, Fields, Value, const Defined extends Kind<Name, Options, Fields, Value>>(
  kind: Kind<Name, Options, Fields, Value> &
    Defined &
    Only<Defined, Kind<Name, Options, Fields, Value>> & {
      readonly fields?: Only<Defined["fields"], Fields>;
      readonly optionalFields?: Only<Defined["optionalFields"], OptionalOf<Fields>>;
    },
): Defined => kind;

/** Rejects unknown properties, which a type parameter would accept. */
type Only<Given, Known> = { readonly [F in keyof Given]: F extends keyof Known ? unknown : never };

/** The traits of a provisionable kind that are available by its name alone. */
export interface KindTraits {
  readonly name: string;
  readonly options: () => z.ZodType;
  readonly fields: Readonly<Record<string, Visibility>>;
  readonly optionalFields?: Readonly<Record<string, true | "shared">>;
  readonly exampleFields: object;
  readonly server: (options: never) => ServerNeed;
  readonly versions?: Versions;
  readonly container: Container;
  readonly role?: { readonly port: number };
}

export type OptionsOf<K> = K extends { options: () => z.ZodType<infer O> } ? O : never;
export type FieldsOf<K> = K extends { decode?: (value: never) => infer F } ? F : never;
export type ValueOf<K> = K extends { schema: (...options: never[]) => z.ZodType<infer V> } ? V : never;

/** The public fields of a kind. */
export type PublicFieldsOf<K> = FieldsSeen<K, "public">;
/** The secret fields of a kind. */
export type SecretFieldsOf<K> = FieldsSeen<K, "secret">;

type FieldsSeen<K, Seen extends Visibility> = K extends { readonly fields: infer Visible }
  ? { readonly [F in keyof FieldsOf<K> as F extends keyof Visible ? (Visible[F] extends Seen ? F : never) : never]: FieldsOf<K>[F] }
  : {};
