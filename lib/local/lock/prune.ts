import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { statusOf, stopAll } from "../../supervisor/client";
import { setAside } from "../down";
import type { LocalEnvironment } from "../environment";
import { appsIn, processesIn, remoteIn, serversIn } from "../folder";
import { generatedFile } from "../generated";
import { storesIn } from "../values";

/** Stops the supervisor if no service is running, and sets the environment aside for deletion if it holds no data or credentials. */
export const prune = async ({ folder }: LocalEnvironment): Promise<void> => {
  const { services } = await statusOf(folder);
  if (services.some(({ status }) => status === "running" || status === "restarting")) return;
  await stopAll(folder);
  const folders = [serversIn(folder), storesIn(folder), processesIn(folder), remoteIn(folder), appsIn(folder)];
  if (existsSync(generatedFile(folder))) return;
  const held = await Promise.all(folders.map(entriesOf));
  if (held.flat().length === 0) await setAside(folder);
};

const entriesOf = async (folder: string): Promise<readonly string[]> => (existsSync(folder) ? readdir(folder) : []);
