import path from "node:path";
import { EndowError } from "../errors";
import { credentialsIn } from "./credentials";
import { serversIn } from "./folder";
import type { CreatedData } from "./recipe";
import { recipeOf } from "./recipes";
import { type EnvironmentState, serverIn } from "./state";

/** Lists what apps have created on a running server besides their leases' own data. Changes nothing. Empty for a server that cannot be queried. */
export const createdOn = async (folder: string, state: EnvironmentState, localName: string): Promise<readonly CreatedData[]> => {
  const server = serverIn(state, localName);
  if (server?.port === undefined) return [];
  const { name, kind, port, data } = server;
  const own = path.join(serversIn(folder), localName);
  const credentials = credentialsIn(own);
  const quiet = { progress: () => undefined, signal: new AbortController().signal };
  try {
    // Does not create a missing password.
    const get = async (login: string) => (await credentials.find(login)) ?? "";
    return (
      (await recipeOf(kind).created?.({ name, localName, folder: own, port, data, credentials: { ...credentials, get }, ...quiet })) ?? []
    );
  } catch (error) {
    if (error instanceof EndowError) return [];
    throw error;
  }
};
