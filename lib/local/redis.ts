import { createHash } from "node:crypto";
import type { RedisFields } from "../connection/redis";
import { fault } from "../errors";
import type { redisKind } from "../kinds/redis";
import type { OptionsOf } from "../kind";
import type { Service } from "../supervisor/service";
import { makeOwnFolder } from "../files/make-folders";
import { readOwnFile, writeOwnFile } from "../files/own-file";
import type { RecipeLeaseRequest, LocalServer, Recipe } from "./recipe";
import { accessFile, ADMINISTRATOR, administratorRules, appRules, appUsers, changeUsers, disabledRules, readUsers } from "./redis/access";
import { asAdministrator } from "./redis/administrator";
import {
  checkDataVersion,
  configuration,
  configurationFile,
  directivesFor,
  optionsFile,
  versionFile,
  writeOptions,
} from "./redis/configuration";
import { findProgram } from "./redis/programs";

export type RedisLeaseOptions = OptionsOf<typeof redisKind>;

/**
 * Redis or Valkey on this machine: one server per setting. A user can be restricted to a key prefix but not to a database number, and apps use no
 * prefix, so two settings on one server would share their keys. A server of its own takes about 10 MB.
 * A crash loses at most the last second of writes.
 */
export const redis: Recipe<RedisLeaseOptions, RedisFields> = {
  program: findProgram,
  temporaryFiles: [accessFile, configurationFile, optionsFile, versionFile].map((fileIn) => fileIn({ folder: "" })),

  prepare: async (server) => {
    await makeOwnFolder(server.folder);
    await checkDataVersion(server);
    const administrator = administratorRules(await server.credentials.get(ADMINISTRATOR));
    await changeUsers(server, (users) => users.set(ADMINISTRATOR, administrator));
    if (readOwnFile(optionsFile(server)) === undefined) await writeOptions(server, directivesFor({}));
    await writeOwnFile(configurationFile(server), configuration(server));
    return service(server, administrator);
  },

  ready: (server) =>
    asAdministrator(server, async (client) => {
      await client.ping();
    }),

  lease: async (server, request) => {
    await assertSingleSetting(server, request);
    const password = await server.credentials.get(request.name);
    const rules = appRules(password);
    await changeUsers(server, (users) => users.set(request.name, rules));
    const directives = directivesFor(request.options);
    await writeOptions(server, directives);
    await asAdministrator(server, async (client) => {
      await client.acl("SETUSER", request.name, "reset", ...rules.split(" "));
      for (const [directive, value] of directives) await client.config("SET", directive, value);
    });
    return { host: "127.0.0.1", port: server.port, username: request.name, password, database: 0, tls: { mode: "off" } };
  },

  disable: async (server, name) => {
    const rules = readUsers(server).get(name);
    if (rules === undefined) return;
    await changeUsers(server, (users) => users.set(name, disabledRules(rules)));
    await asAdministrator(server, async (client) => {
      await client.acl("SETUSER", name, "off");
      await client.client("KILL", "USER", name);
    });
  },

  drop: async (server, name) => {
    if (!appUsers(readUsers(server)).includes(name)) return server.credentials.remove(name);
    await asAdministrator(server, async (client) => {
      await client.acl("DELUSER", name);
      await client.flushall();
      await client.function("FLUSH");
      // The append-only file contains the values until it is rewritten.
      await client.bgrewriteaof();
    });
    await changeUsers(server, (users) => users.delete(name));
    return server.credentials.remove(name);
  },
};

const service = (server: LocalServer, administrator: string): Service => ({
  name: server.localName,
  command: [server.program.path, configurationFile(server)],
  folder: server.folder,
  environment: server.program.environment,
  stopSignal: "SIGTERM",
  stopTimeout: 10_000,
  port: server.port,
  labels: { version: server.program.version, configuration: digest(configuration(server) + administrator) },
});

/** Part of the service, so that a changed configuration or administrator password restarts the server. */
const digest = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 8);

const assertSingleSetting = async (server: LocalServer, { id, name }: RecipeLeaseRequest<RedisLeaseOptions>): Promise<void> => {
  if (name === "default") throw fault("NAME_RESERVED", "Redis reserves the name default", "give the setting another id", id);
  const other = appUsers(readUsers(server)).find((user) => user !== name);
  if (other === undefined) return;
  throw fault(
    "SERVER_TAKEN",
    `the server ${server.name} already holds the keys of ${other}, which ${id} would share`,
    "give each Redis setting a server of its own, named after the setting",
    id,
  );
};
