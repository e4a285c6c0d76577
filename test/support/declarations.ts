import fc from "fast-check";
import { z } from "zod";
import { bucket, postgresUrl, redisUrl, settings, type Group, type Plan } from "../../lib";
import { plan } from "../../lib/plan";
import { EndowError } from "../../lib/errors";

/** A setting as a person has written it down. */
interface Written {
  readonly name: string;
  readonly group: string;
  readonly kind: "postgres" | "redis" | "bucket";
  readonly formerly: readonly string[];
  readonly server?: { readonly id: string; readonly formerly: readonly string[] };
}

/** An app's declaration, as it is at a moment. */
export interface Declaration {
  readonly settings: readonly Written[];
  /** Of PostgreSQL servers, by id. */
  readonly versions: Readonly<Record<string, string>>;
}

/** What a person does to a declaration. Numbers choose among what there is. */
export type Edit =
  | { readonly do: "add"; readonly kind: Written["kind"]; readonly name: string; readonly group: string }
  | { readonly do: "rename"; readonly setting: number; readonly name: string; readonly group: string; readonly formerly: boolean }
  | { readonly do: "forget"; readonly setting: number }
  | { readonly do: "remove"; readonly setting: number }
  | { readonly do: "serve"; readonly setting: number; readonly server: string | undefined; readonly formerly: boolean }
  | { readonly do: "version"; readonly server: string; readonly version: string };

const name = fc.constantFrom("orders", "sales", "returns");
const group = fc.constantFrom("shared", "billing");
const setting = fc.nat({ max: 5 });
const server = fc.constantFrom("main", "other");
const version = fc.constantFrom("16", "17");

export const edit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant("add"), kind: fc.constantFrom("postgres", "redis", "bucket"), name, group }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("rename"), setting, name, group, formerly: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("forget"), setting }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("remove"), setting }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("serve"), setting, server: fc.option(server, { nil: undefined }), formerly: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("version"), server: fc.constantFrom("postgres", "main", "other"), version }) },
) as fc.Arbitrary<Edit>;

export const EMPTY: Declaration = { settings: [], versions: {} };

/** The declaration after an edit; `undefined` where there is nothing to edit. Names are unique, as an app's variables have to be. */
const edited = (declaration: Declaration, change: Edit): Declaration | undefined => {
  const { settings: all } = declaration;
  if (change.do === "version") return { ...declaration, versions: { ...declaration.versions, [change.server]: change.version } };
  if (change.do === "add") {
    if (all.some((each) => each.name === change.name)) return undefined;
    const { kind, name, group } = change;
    return { ...declaration, settings: [...all, { kind, name, group, formerly: [] }] };
  }
  const chosen = all[change.setting % Math.max(all.length, 1)];
  if (chosen === undefined) return undefined;
  const replaced = (...by: Written[]) => ({ ...declaration, settings: all.flatMap((each) => (each === chosen ? by : [each])) });
  if (change.do === "remove") return replaced();
  if (change.do === "forget")
    return replaced({ ...chosen, formerly: [], ...(chosen.server && { server: { ...chosen.server, formerly: [] } }) });
  if (change.do === "rename") {
    const { name, group } = change;
    if (all.some((each) => each !== chosen && each.name === name)) return undefined;
    const former = `${chosen.group}.${chosen.name}`;
    const formerly =
      change.formerly && former !== `${group}.${name}` ? [former, ...chosen.formerly.filter((id) => id !== `${group}.${name}`)] : [];
    return replaced({ ...chosen, name, group, formerly });
  }
  const { server: before, ...rest } = chosen;
  if (change.server === undefined || change.server === before?.id) return replaced(rest);
  const formerly = change.formerly
    ? [before?.id ?? defaultServer(chosen), ...(before?.formerly ?? [])].filter((id) => id !== change.server)
    : [];
  return replaced({ ...rest, server: { id: change.server, formerly } });
};

/** The declaration after an edit, where neither `settings()` nor a plan finds anything wrong with it. */
export const sensible = (project: string, before: Declaration, change: Edit): Declaration => {
  const after = edited(before, change);
  try {
    return after !== undefined && planOf(project, after).problems.length === 0 ? after : before;
  } catch (error) {
    if (error instanceof EndowError) return before;
    throw error;
  }
};

export const planOf = (project: string, declaration: Declaration): Plan =>
  plan({ project, groups: groupsOf(declaration), environment: "development" });

/** The declaration as the app has it. */
export const groupsOf = ({ settings: all, versions }: Declaration): readonly Group[] => {
  const names = [...new Set(all.map((each) => each.group))];
  if (names.length === 0) return [settings("shared", { title: z.string().default("none") })];
  return names.map((group) =>
    settings(group, Object.fromEntries(all.filter((each) => each.group === group).map((each) => [each.name, schemaOf(each, versions)]))),
  );
};

/** Variables by the id of their setting. */
export const variablesOf = ({
  settings: all,
}: Declaration): ReadonlyMap<string, { readonly variable: string; readonly kind: Written["kind"] }> =>
  new Map(all.map(({ name, group, kind }) => [`${group}.${name}`, { variable: name.toUpperCase(), kind }]));

const schemaOf = ({ kind, formerly, server }: Written, versions: Declaration["versions"]) => {
  const options = { formerly: [...formerly], ...(server && { server: { id: server.id, formerly: [...server.formerly] } }) };
  if (kind === "redis") return redisUrl(options);
  if (kind === "bucket") return bucket(options);
  return postgresUrl({ ...options, version: versions[server?.id ?? "postgres"] === "16" ? "16" : "17" });
};

/** The id of the server that a setting lives on when it names none. */
const defaultServer = ({ kind, group, name }: Written): string => (kind === "redis" ? `${group}_${name}` : kind);
