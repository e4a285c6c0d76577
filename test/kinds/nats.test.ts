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
});
