import assert from "node:assert/strict";
import { makeApp, nodePackages, type RealApp } from "./support";

const files = {
  "settings.ts": `import { redisUrl, settings } from "endow";
export const queue = settings("queue", {
  redis: redisUrl({
    variables: { url: false, host: "QUEUE_REDIS_HOST", port: "QUEUE_REDIS_PORT", username: "QUEUE_REDIS_USER", password: "QUEUE_REDIS_PASSWORD" },
  }),
});
`,
  "connection.js": `const { Redis } = require("ioredis");
exports.connection = () =>
  new Redis({
    host: process.env.QUEUE_REDIS_HOST,
    port: Number(process.env.QUEUE_REDIS_PORT),
    username: process.env.QUEUE_REDIS_USER,
    password: process.env.QUEUE_REDIS_PASSWORD,
    maxRetriesPerRequest: null,
  });
`,
  "add.js": `const { Queue } = require("bullmq");
const { connection } = require("./connection");
const main = async () => {
  const queue = new Queue("mail", { connection: connection() });
  await queue.add("welcome", { to: "ann" });
  await queue.add("reminder", { to: "bob" }, { delay: 50, attempts: 2 });
  console.log("counts: " + JSON.stringify(await queue.getJobCounts("waiting", "delayed")));
  await queue.close();
  process.exit();
};
void main();
`,
  "work.js": `const { Worker } = require("bullmq");
const { connection } = require("./connection");
const done = [];
const worker = new Worker("mail", async (job) => {
  if (job.name === "reminder" && job.attemptsMade === 0) throw new Error("once more");
  return "sent to " + job.data.to;
}, { connection: connection() });
worker.on("completed", async (job, result) => {
  done.push(job.name + " " + result);
  if (done.length < 2) return;
  console.log("done: " + done.toSorted().join(", "));
  await worker.close();
  process.exit();
});
`,
  "package.json": `{ "private": true }`,
};

describe("BullMQ", () => {
  let app: RealApp | undefined;

  before(async function () {
    app = makeApp(files, await nodePackages(this, "node"));
  });
  after(() => app?.clean());

  it("queues, delays, retries and finishes jobs in two processes, with its connection apart, and has nothing to warn about", async () => {
    assert.ok(app);
    const added = await app.dev(["node", "add.js"]);
    assert.match(added, /counts: \{"waiting":1,"delayed":1\}/);
    const worked = await app.dev(["node", "work.js"]);
    assert.match(worked, /done: reminder sent to bob, welcome sent to ann/);
    assert.doesNotMatch(added + worked, /eviction|IMPORTANT|NOPERM|deprecat/i);
  });
});
