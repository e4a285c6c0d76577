// @ts-check
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { Redis } from "ioredis";
import { Client } from "pg";

/**
 * One proof of the demo: performed through the app, and verified directly with the official driver.
 * @typedef {object} Proof
 * @property {string} name
 * @property {string} about
 * @property {"database" | "cache" | "uploads"} needs  a part that the app reports on `GET /health`
 * @property {(app: { url: string, values: Record<string, string> }) => Promise<void>} run  rejects if the proof fails
 */

const TEN_SECONDS = 10_000;

/** @type {readonly Proof[]} */
export const proofs = [
  {
    name: "a row",
    about: "POST /items, and the row is in PostgreSQL (pg)",
    needs: "database",
    run: async ({ url, values }) => {
      const { id, name } = await addItem(url);
      const client = new Client({ connectionString: values["DATABASE_URL"] });
      try {
        await client.connect();
        const { rows } = await client.query("select name from items where id = $1", [id]);
        assert.deepEqual(rows, [{ name }]);
      } finally {
        await client.end();
      }
    },
  },
  {
    name: "a cached value",
    about: "GET /items twice: from PostgreSQL, then from Redis, and Redis has it (ioredis)",
    needs: "cache",
    run: async ({ url, values }) => {
      await addItem(url);
      const fresh = await request(`${url}/items`);
      const cached = await request(`${url}/items`);
      assert.deepEqual([fresh.headers.get("x-cache"), cached.headers.get("x-cache")], ["miss", "hit"]);
      const list = await cached.text();
      assert.equal(list, await fresh.text());
      const client = new Redis(values["REDIS_URL"] ?? "", { lazyConnect: true, retryStrategy: null });
      try {
        await client.connect();
        assert.equal(await client.get("shop:items"), list);
      } finally {
        client.disconnect();
      }
    },
  },
  {
    name: "an object",
    about: "uploaded through a presigned URL, and the bucket has it (@aws-sdk/client-s3)",
    needs: "uploads",
    run: async ({ url, values }) => {
      const content = `proof ${randomUUID()}`;
      const { key, put, get } = await requestJson(`${url}/uploads`, { method: "POST" });
      await request(put, { method: "PUT", body: content });
      assert.equal(await (await request(get)).text(), content);
      const client = new S3Client(clientOptions(values));
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: values["UPLOADS_BUCKET"], Key: key }));
        assert.equal(await Body?.transformToString(), content);
      } finally {
        client.destroy();
      }
    },
  },
  {
    name: "a refusal",
    about: "the same URL with one letter of its signature changed is refused",
    needs: "uploads",
    run: async ({ url }) => {
      const { put } = await requestJson(`${url}/uploads`, { method: "POST" });
      const forged = put.replace(/(?<=X-Amz-Signature=)./, (/** @type {string} */ letter) => (letter === "0" ? "1" : "0"));
      const { status } = await fetch(forged, { method: "PUT", body: "forged", signal: AbortSignal.timeout(TEN_SECONDS) });
      assert.equal(status, 403);
    },
  },
];

/** The parts that the app has. @param {string} url @returns {Promise<Record<string, unknown>>} */
export const partsOf = (url) => requestJson(`${url}/health`);

/** @param {string} url @returns {Promise<{ id: number, name: string }>} */
const addItem = async (url) => {
  const name = `proof ${randomUUID()}`;
  const item = await requestJson(`${url}/items`, { method: "POST", body: JSON.stringify({ name }) });
  assert.equal(item.name, name);
  return item;
};

/** A request that must succeed. Errors never contain the URL: a presigned one is a credential. @param {string} url @param {RequestInit} [init] */
const request = async (url, init = {}) => {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(TEN_SECONDS) });
  if (!response.ok) throw new Error(`${init.method ?? "GET"} ${new URL(url).pathname} failed with status ${response.status}`);
  return response;
};

/** The app's JSON response; its use verifies its shape. @param {string} url @param {RequestInit} [init] @returns {Promise<any>} */
const requestJson = async (url, init) => (await request(url, init)).json();

/** @param {Record<string, string>} values */
const clientOptions = (values) => ({
  region: values["UPLOADS_REGION"] ?? "",
  endpoint: values["UPLOADS_ENDPOINT"] ?? "",
  forcePathStyle: true,
  credentials: { accessKeyId: values["UPLOADS_ACCESS_KEY_ID"] ?? "", secretAccessKey: values["UPLOADS_SECRET_ACCESS_KEY"] ?? "" },
});
