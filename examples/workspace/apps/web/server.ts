import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { shared } from "@orders/settings";
import { load } from "endow";
import pg from "pg";

/** Takes orders: each POST creates one and returns its number. */
const config = await load(shared);
const pool = new pg.Pool({ connectionString: config.databaseUrl.reveal() });
await pool.query("create table if not exists orders (id serial primary key, shipped_for integer)");

const answer = async (method: string | undefined): Promise<string> => {
  const text = method === "POST" ? "insert into orders default values returning id" : "select id, shipped_for from orders order by id";
  return JSON.stringify((await pool.query(text)).rows);
};

const server = createServer(({ method }, response) => {
  answer(method).then(
    (rows) => response.setHeader("content-type", "application/json").end(rows),
    () => response.writeHead(500).end(),
  );
});

server.listen(Number(process.env["PORT"] ?? 3000), "127.0.0.1", () => {
  console.log(`web listens on http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

const stop = (): void => void server.close(() => void pool.end());
process.once("SIGTERM", stop).once("SIGINT", stop);
