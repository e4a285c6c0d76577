import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fault } from "../../lib/errors";
import type { ProvisionedKind } from "../../lib/kinds/provisioned";
import type { Machine } from "../../lib/local/environment";
import type { LocalServer, Recipe } from "../../lib/local/recipe";
import type { Applied, Service } from "../../lib/supervisor/service";

type Values = Readonly<Record<string, string>>;

/** What stops a server, or all that is leased on it. */
export type Failure = "program" | "lease";

/**
 * A machine whose supervisor and servers are imagined: services that run nothing, and data that is a file for each login. What decides which data a
 * setting gets is the real thing, hundreds of times in a minute.
 */
export interface ImaginedMachine {
  readonly machine: Machine;
  /** Has the servers of a kind fail, until told otherwise. */
  readonly fail: (kind: ProvisionedKind, failure: Failure | undefined) => void;
  readonly keep: (values: Values, variable: string, text: string) => Promise<void>;
  /** All texts that were kept by these values, sorted. Rejects where the login is shut out, or its server does not run. */
  readonly kept: (values: Values, variable: string) => Promise<readonly string[]>;
}

interface Data {
  readonly open: boolean;
  readonly texts: readonly string[];
}

export const imaginedMachine = (): ImaginedMachine => {
  const services = new Map<string, Applied>();
  const failures = new Map<string, Failure>();
  const started = (service: Service): Applied => {
    const before = services.get(service.name);
    const hash = JSON.stringify(service);
    const change = before === undefined ? "started" : before.hash === hash ? "none" : "restarted";
    return { name: service.name, status: "running", pid: 1, port: service.port ?? 0, hash, restarts: 0, log: "/dev/null", change };
  };
  const supervisor = {
    apply: async (service: Service) => {
      const applied = started(service);
      services.set(service.name, applied);
      return applied;
    },
    status: async () => [...services.values()],
    remove: async (name: string) => void services.delete(name),
    close: () => undefined,
  };
  /** The file of a login's data, by what an app has of it. */
  const fileOf = (values: Values, variable: string): string => {
    const url = new URL(values[variable] ?? values[`${variable}_ENDPOINT`] ?? "");
    const login = values[`${variable}_ACCESS_KEY_ID`] ?? url.username;
    const service = [...services.values()].find(({ port }) => port === Number(url.port));
    if (service === undefined) throw new Error(`nothing listens on ${url.port}`);
    const { command } = JSON.parse(service.hash) as Service;
    return dataFile(command[1] ?? "", login);
  };
  const opened = (file: string): Data => {
    const data = read(file);
    if (data?.open !== true) throw new Error("the login is shut out");
    return data;
  };
  return {
    machine: {
      supervise: async () => supervisor,
      statusOf: async () => ({ services: await supervisor.status() }),
      recipeOf: (kind) => recipeFor(kind, () => failures.get(kind)),
    },
    fail: (kind, failure) => void (failure === undefined ? failures.delete(kind) : failures.set(kind, failure)),
    keep: async (values, variable, text) => {
      const file = fileOf(values, variable);
      const { texts } = opened(file);
      write(file, { open: true, texts: [...texts, text] });
    },
    kept: async (values, variable) => opened(fileOf(values, variable)).texts.toSorted(),
  };
};

/** Behaves as the recipe of the kind does. */
const recipeFor = (kind: string, failure: () => Failure | undefined): Recipe<unknown, object> => ({
  program: async ({ version = "1" }) => {
    if (failure() === "program") throw fault("SERVER_UNAVAILABLE", "there is no such program", "imagine one");
    return { path: "/bin/false", version: `${version}.1`, source: "path", environment: {} };
  },
  ...(kind === "postgres" && { dataOf: ({ version }) => version.split(".")[0] ?? version }),
  prepare: async ({ localName, folder, data, port }) => ({
    name: localName,
    command: ["/bin/false", dataFolder(folder, data)],
    folder,
    environment: {},
    stopSignal: "SIGTERM",
    stopTimeout: 1,
    port,
  }),
  ready: async () => undefined,
  lease: async (server: LocalServer, { name }) => {
    const folder = dataFolder(server.folder, server.data);
    const file = dataFile(folder, name);
    mkdirSync(folder, { recursive: true });
    const others = readdirSync(folder).filter((each) => each !== path.basename(file));
    if (kind === "redis" && others.length > 0) throw fault("SERVER_TAKEN", `the server holds the keys of ${others.join()}`, "take another");
    write(file, { texts: read(file)?.texts ?? [], open: true });
    if (failure() === "lease") throw fault("STATEMENT_REFUSED", "the last statement was refused", "run it again");
    const secret = await server.credentials.get(name);
    if (kind === "bucket")
      return { bucket: name, region: "here", endpoint: `http://127.0.0.1:${server.port}`, accessKeyId: name, secretAccessKey: secret };
    const database = kind === "postgres" ? name : 0;
    return { host: "127.0.0.1", port: server.port, username: name, password: secret, database, tls: { mode: "off" } };
  },
  disable: async ({ folder, data }, name) => {
    const file = dataFile(dataFolder(folder, data), name);
    const found = read(file);
    if (found) write(file, { ...found, open: false });
  },
  drop: async ({ folder, data }, name) => rmSync(dataFile(dataFolder(folder, data), name), { force: true }),
});

const dataFolder = (folder: string, data = "all"): string => path.join(folder, `data-${data}`);

const dataFile = (folder: string, login: string): string => path.join(folder, `${login}.data`);

const read = (file: string): Data | undefined => (existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Data) : undefined);

const write = (file: string, data: Data): void => writeFileSync(file, JSON.stringify(data));
