import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { load } from "endow";
import { z } from "zod";
import { createApi, HttpError, readJson } from "./http.js";
import { openItems } from "./items.js";
import { shared } from "./settings.js";
import { openUploads } from "./uploads.js";

const config = await load(shared);
const items = await openItems(config);
const uploads = config.uploads && openUploads(config.uploads);

const newItem = z.object({ name: z.string().trim().min(1).max(200) });

const authorize = ({ headers }: IncomingMessage): void => {
  const presented = /^Bearer (.+)$/.exec(headers.authorization ?? "")?.[1] ?? "";
  if (config.apiKeys && !config.apiKeys.match(presented)) throw new HttpError(401, "send `Authorization: Bearer <key>`");
};

const server = createApi({
  "GET /health": () => ({
    body: { database: true, cache: config.redisUrl !== undefined, uploads: uploads !== undefined, llm: config.llmProvider },
  }),

  "GET /items": async () => {
    const { list, cached } = await items.all();
    return { headers: { "x-cache": cached ? "hit" : "miss" }, body: list };
  },

  "POST /items": async (request) => {
    authorize(request);
    const item = newItem.safeParse(await readJson(request));
    if (!item.success) throw new HttpError(400, 'send {"name": "..."}, 1 to 200 characters');
    return { status: 201, body: await items.add(item.data.name) };
  },

  "POST /uploads": async (request) => {
    authorize(request);
    if (!uploads) throw new HttpError(503, "no bucket is configured");
    return { status: 201, body: await uploads.sign() };
  },
});

server.listen(config.port, config.host, () => {
  const { port } = server.address() as AddressInfo;
  console.log(`shop listens on http://${config.host}:${port}`);
});

const stop = (): void => {
  server.close(() => {
    uploads?.close();
    void items.close();
  });
};
process.once("SIGTERM", stop).once("SIGINT", stop);
