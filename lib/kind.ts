import type { z } from "zod";
import type { Container, Versions } from "./container";

/** One environment variable of a kind. */
export interface Variable {
  /** "" for a kind that fits in one variable, else what follows the setting's name: `BUCKET`. */
  readonly suffix: string;
  /** Whether the text must not be shown. */
  readonly secret: boolean;
  /** Whether the value cannot do without it. */
  readonly required: boolean;
  /** The one field that it is the text of; absent where it is made from several. */
  readonly field?: string;
}

/**
 * One statement of a role's life, made by an administrator who need not be a superuser. Converging: `unless` is a query that finds the work done
 * already, so a step can always run again. `on: "database"` needs a connection to the setting's own database.
 */
export interface Step {
  readonly on: "server" | "database";
  readonly unless?: string;
  readonly run: string;
}

/**
 * A database, and who works on it. It belongs, with all that is in it, to an owner that nobody logs in as. Logins are members of the owner and work
 * as it, so that another login can take over. A login is known by its verifier, never by its password: no statement and no server log can hold one.
 */
export interface Role {
  readonly owner: string;
  readonly login: string;
  readonly verifier: string;
  readonly database: string;
}

/** How a login and what it works on are made, shut out, and removed: in the words of the kind's servers. */
export interface RoleProgram<Options> {
  /** What carries the steps out. */
  readonly engine: "sql";
  /** Port of a server for which none is named. */
  readonly port: number;
  /** Touches nothing but the login, its owner and the database. */
  readonly ensure: (role: Role, options: Options) => readonly Step[];
  /** What else keeps logins out of what is not theirs. For a server that is ours alone. */
  readonly isolate: () => readonly Step[];
  /** Ends the login's sessions and lets it in no more. */
  readonly disable: (role: Pick<Role, "login">) => readonly Step[];
  /** Loses data: only where the environment's type allows it. */
  readonly drop: (role: Pick<Role, "owner" | "login" | "database">) => readonly Step[];
}

/** The server that a setting lives on: settings that name the same one share it, one per environment. */
export interface ServerNeed {
  /**
   * Tells the server from others of its kind, for good: a change of version is a change of the same server.
   * @default - the kind's name where servers are shared, else the setting's id
   */
  readonly id?: string;
  /** Ids that the server had before. */
  readonly formerly?: readonly string[];
  /** Version asked for, as the kind writes it: `"17"`; absent when any will do. */
  readonly version?: string;
  /**
   * Whether several settings live on one server. Not where the server cannot keep them apart.
   * @default true
   */
  readonly shared?: boolean;
}

/** Values by suffix, as text: what the environment holds for one setting. */
export type VariableTexts = Readonly<Record<string, string>>;

/** Whether a field may be shown. */
export type Visibility = "public" | "secret";

/** Every field of a kind, with what may be shown of it. */
export type VisibilityOf<Fields> = { readonly [F in keyof Fields]-?: Visibility };

/** The fields that not every resource has; `"shared"`: only those have them that environments share. */
type OptionalOf<Fields> = { readonly [F in keyof Fields as undefined extends Fields[F] ? F : never]-?: true | "shared" };

/**
 * What a setting can be. `Options` is what a person may say about it, `Fields` what a provisioned resource yields,
 * `Value` what the application gets from `load()`.
 */
export interface Kind<Name extends string, Options, Fields, Value> {
  readonly name: Name;
  /** Whether the value as a whole is secret: then no default can be declared and no library's message about it is shown. */
  readonly secret: boolean;
  /** Whether the declared schema parses the value by itself, from decoded text: true for plain settings, whose value a plan may read. */
  readonly plain?: boolean;
  /** What its own options must be. Made when first asked for: an app pays for the kinds that it uses. */
  readonly options: () => z.ZodType<Options>;
  readonly variables: (options: Options) => readonly Variable[];
  /** The fields of a provisioned resource, each as `Fields` has it. */
  readonly fields?: VisibilityOf<Fields>;
  /**
   * Those that not every resource has.
   * @default - every resource has all of them
   */
  readonly optionalFields?: OptionalOf<Fields>;
  /** Values for all of them, as tests use them: the secret ones are placeholders. */
  readonly exampleFields?: Required<Fields>;
  /** Fields of a provisioned resource to the text of each variable, keyed by suffix. */
  readonly encode?: (fields: Fields, options: Options) => VariableTexts;
  /** The reverse: texts, keyed by suffix, to what the application gets. Problems are added in our own words, never with the value. */
  readonly schema: (options: Options) => z.ZodType<Value, VariableTexts>;
  /**
   * What `fake()` uses where a test gives no value; must parse.
   * @default - the text of `exampleFields`, without the optional ones; none where there are no fields
   */
  readonly example?: (options: Options) => VariableTexts | undefined;
  /**
   * The secrets that a value consists of: in production none of them may be in another variable as well.
   * @default - the text of each secret variable
   */
  readonly secrets?: (value: Value) => readonly string[];
  /** Why a value that parses is still refused in production: too short, a placeholder. Sentences without the value. */
  readonly weaknesses?: (value: Value) => readonly string[];
  /** Present when a resource can provide the value; absent when only a person can. */
  readonly server?: (options: Options) => ServerNeed;
  /** Absent where a resource has no version to ask for. */
  readonly versions?: Versions;
  /** How the server runs in a container. */
  readonly container?: Container;
  /** Present where logins are made on a server by steps. */
  readonly role?: RoleProgram<Options>;
}

/** Keeps a kind's own types, which of its fields are secret among them, while checking its shape. */
export const defineKind = <const Name extends string, Options, Fields, Value, const Defined extends Kind<Name, Options, Fields, Value>>(
  kind: Kind<Name, Options, Fields, Value> &
    Defined &
    Only<Defined, Kind<Name, Options, Fields, Value>> & {
      readonly fields?: Only<Defined["fields"], Fields>;
      readonly optionalFields?: Only<Defined["optionalFields"], OptionalOf<Fields>>;
    },
): Defined => kind;

/** Refuses what is not known, which a type parameter takes. */
type Only<Given, Known> = { readonly [F in keyof Given]: F extends keyof Known ? unknown : never };

/** What a kind must have that a target can provision: all that is known of it by its name alone. */
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
export type FieldsOf<K> = K extends { encode?: (fields: infer F, ...rest: never[]) => unknown } ? F : never;
export type ValueOf<K> = K extends { schema: (...options: never[]) => z.ZodType<infer V> } ? V : never;

/** The fields of a kind that may be shown. */
export type PublicFieldsOf<K> = FieldsSeen<K, "public">;
/** The fields of a kind that must not be shown. */
export type SecretFieldsOf<K> = FieldsSeen<K, "secret">;

type FieldsSeen<K, Seen extends Visibility> = K extends { readonly fields: infer Visible }
  ? { readonly [F in keyof FieldsOf<K> as F extends keyof Visible ? (Visible[F] extends Seen ? F : never) : never]: FieldsOf<K>[F] }
  : {};
