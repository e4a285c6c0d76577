import assert from "node:assert/strict";
import { eventually } from "../support/supervised";
import { makeApp, pythonPackages, type RealApp } from "./support";

const files = {
  "settings.ts": `import { redisUrl, settings } from "endow";
export const work = settings("work", {
  redis: redisUrl({ variables: { url: "REDIS_URL" }, derive: { CELERY_BROKER_URL: "{url}/1", CELERY_RESULT_BACKEND: "{url}/2" } }),
});
`,
  "tasks.py": `import os

from celery import Celery

app = Celery("tasks", broker=os.environ["CELERY_BROKER_URL"], backend=os.environ["CELERY_RESULT_BACKEND"])
app.conf.broker_connection_retry_on_startup = True


@app.task
def add(a, b):
    return a + b
`,
  "send.py": `import os

from redis import Redis

from tasks import add

results = [add.delay(2, 3), add.s(1, 1).apply_async(countdown=0.1), (add.s(1, 2) | add.s(4)).apply_async()]
print("results:", [result.get(timeout=60) for result in results])
for variable in ("REDIS_URL", "CELERY_BROKER_URL", "CELERY_RESULT_BACKEND"):
    with Redis.from_url(os.environ[variable]) as client:
        print(variable, client.connection_pool.connection_kwargs.get("db", 0), "empty" if client.dbsize() == 0 else "used")
`,
};

describe("Celery", () => {
  let app: RealApp | undefined;
  let python = "";

  before(async function () {
    python = await pythonPackages(this);
    app = makeApp(files);
  });
  after(() => app?.clean());

  it("sends tasks over database 1 of Redis to its worker, and gets their results from database 2", async () => {
    assert.ok(app);
    const log = app.write("worker.log", "");
    const worker = app.start(["dev", "--", python, ..."-m celery -A tasks worker --pool solo --loglevel INFO --logfile".split(" "), log]);
    let isOver = false;
    void worker.finished.then(() => (isOver = true));
    try {
      await eventually("the worker to be ready", () => isOver || /celery@\S+ ready/.test(app?.read("worker.log") ?? ""));
      const sent = await app.dev([python, "send.py"]);
      assert.match(sent, /results: \[5, 2, 7\]/);
      assert.match(sent, /REDIS_URL 0 empty\nCELERY_BROKER_URL 1 used\nCELERY_RESULT_BACKEND 2 used/);
    } finally {
      worker.child.kill("SIGTERM");
    }
    const { code, stderr } = await worker.finished;
    assert.equal(code, 0, stderr);
  });
});
