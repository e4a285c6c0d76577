import assert from "node:assert/strict";
import { loadSync, natsUrl, settings } from "../../lib/index";

describe("the kind nats", () => {
  it("accepts a URL, a list of URLs, or hosts", () => {
    const shared = settings("shared", { natsUrl: natsUrl() });
    const hosts = (text: string) =>
      loadSync(shared, { env: { NATS_URL: text } })
        .natsUrl.hosts.map(({ host, port }) => `${host}:${port}`)
        .join();
    assert.equal(hosts("nats://app:word@a:1"), "a:1");
    assert.equal(hosts("nats://a,nats://b:2"), "a:4222,b:2");
    assert.equal(hosts("localhost:4222"), "localhost:4222");
  });

  it("accepts parts", () => {
    const shared = settings("shared", {
      nats: natsUrl({ variables: { url: false, host: "NATS_HOST", port: "NATS_PORT", tls: "NATS_TLS" } }),
    });
    const url = (env: Record<string, string>) => loadSync(shared, { env }).nats.reveal();
    assert.equal(url({ NATS_HOST: "queue", NATS_PORT: "4223" }), "nats://queue:4223");
    assert.equal(url({ NATS_HOST: "queue", NATS_TLS: "true" }), "tls://queue:4222");
  });

  it("keep a token, which stands where a user name would, as a secret", () => {
    const whole = settings("shared", { natsUrl: natsUrl() });
    const url = { natsUrl: loadSync(whole, { env: { NATS_URL: "nats://t0ken@a:1,nats://b" } }).natsUrl };
    assert.deepEqual([url.natsUrl.username, url.natsUrl.password.reveal()], ["", "t0ken"]);
    assert.equal(url.natsUrl.reveal(), "nats://t0ken@a:1,nats://b");
    const { natsUrl: named } = loadSync(whole, { env: { NATS_URL: "nats://app:@a" } });
    assert.deepEqual([named.username, named.password.reveal()], ["app", ""]);
    for (const field of ["username", "password"] as const) {
      const parts = settings("shared", { nats: natsUrl({ variables: { url: false, host: "NATS_HOST", [field]: "NATS_TOKEN" } }) });
      const { nats } = loadSync(parts, { env: { NATS_HOST: "queue", NATS_TOKEN: "t0ken" } });
      assert.deepEqual([nats.username, nats.password.reveal(), nats.reveal()], ["", "t0ken", "nats://t0ken@queue:4222"]);
    }
  });
});
