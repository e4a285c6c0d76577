import assert from "node:assert/strict";
import { hashOf } from "../../lib/supervisor/hash";
import type { Service } from "../../lib/supervisor/service";

const service: Service = {
  name: "a",
  command: ["/bin/a", "1"],
  folder: "/a",
  environment: { A: "1", B: "2" },
  stopSignal: "SIGINT",
  stopTimeout: 1,
};

describe("the hash of a service", () => {
  it("does not depend on the order of fields or on undefined fields", () => {
    const { name, ...rest } = service;
    const reordered = { ...rest, environment: { B: "2", A: "1" }, labels: undefined, name } as unknown as Service;
    assert.equal(hashOf(reordered), hashOf(service));
  });

  it("depends on every field that changes how the service runs", () => {
    const others: Service[] = [
      { ...service, command: ["/bin/a", "2"] },
      { ...service, command: ["/bin/a"] },
      { ...service, folder: "/b" },
      { ...service, environment: { A: "1" } },
      { ...service, environment: { A: "1", B: "3" } },
      { ...service, stopSignal: "SIGTERM" },
      { ...service, stopTimeout: 2 },
      { ...service, port: 1 },
      { ...service, user: { uid: 1, gid: 1 } },
      { ...service, labels: { version: "1" } },
    ];
    assert.equal(new Set([service, ...others].map(hashOf)).size, others.length + 1);
  });
});
