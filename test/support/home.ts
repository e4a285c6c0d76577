import { mkdir } from "node:fs/promises";
import path from "node:path";
import pg from "pg";
import { type Group } from "../../lib";
import { plan } from "../../lib/plan";
import { down, type Down } from "../../lib/local/down";
import type { Machine } from "../../lib/local/environment";
import { environmentFolder } from "../../lib/local/folder";
import { up, type Up, type UpRequest } from "../../lib/local/up";
import { temporaryFolder } from "./local-server";
import { withEnvironment } from "./with-environment";

/** An app's folder with a separate state folder for `endow dev`. */
export interface Home {
  readonly project: string;
  readonly root: string;
  /** The folder of its environment. */
  readonly folder: string;
  readonly bring: (groups: Group | readonly Group[], more?: Partial<UpRequest>) => Promise<Up>;
  readonly down: (options: { readonly removeData: boolean }) => Promise<Down>;
  readonly clean: () => Promise<void>;
}

export const makeHome = async (project: string, machine?: Machine): Promise<Home> => {
  const { folder, remove } = await temporaryFolder("up");
  const restore = withEnvironment({ XDG_STATE_HOME: path.join(folder, "state") });
  const root = path.join(folder, "an app's folder, ünïcode");
  await mkdir(root);
  const app = { project, root };
  return {
    project,
    root,
    folder: environmentFolder(app, "development"),
    bring: (given, more = {}) => {
      const groups = "definitions" in given ? [given] : given;
      return up({ plan: plan({ project, groups, environment: "development" }), groups, root, ...more }, machine);
    },
    down: ({ removeData }) => down({ app, environment: "development", removeData }),
    clean: async () => {
      await down({ app, environment: "development", removeData: true });
      restore();
      await remove();
    },
  };
};

/** Runs one statement on a new connection. */
export const queryUrl = async (url: string | undefined, text: string): Promise<readonly unknown[]> => {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
};
