import assert from "node:assert/strict";
import type { GeneratedSecret, GenerateSecret } from "../../../lib/pulumi/index";
import { Secret } from "./platform";
import { watched, type Watch } from "./watch";

/** What the cloud generates where the deploy makes the values. They are plain here on purpose: the components must make them secret. */
export const GENERATED = { value: "of-the-cloud-text", privateKey: "of-the-cloud-private", publicKey: "of-the-cloud-public" };

/** A broker makes the value and writes the setting's entry, so that neither program nor state contains it; or the deploy does. */
export const cloudSecrets =
  (watch: Watch, by: "deploy" | "broker"): GenerateSecret =>
  ({ plan, secret, entries, make }) => {
    assert.deepEqual([plan.generated.includes(secret), secret.by], [true, by]);
    const written = entries.map(({ variable, content, entry: { store, id, key, version } }) => {
      assert.deepEqual([key, version], [variable, undefined], "the broker writes the versions: none is pinned");
      return { store, id, key, content };
    });
    // It outlives the resource, because a supplied value may come and go.
    const made = make(Secret, { verb: "ensure", id: secret.id, generation: secret.generation, written }, { retainOnDelete: true });
    return watched(watch, "GeneratedSecret", {
      credential:
        by === "broker"
          ? watched(watch, "Credential", { by, version: made.id })
          : watched(watch, "Credential", { by, fields: secret.generation.make === "bytes" ? { value: GENERATED.value } : pair() }),
      ready: [made],
    } satisfies GeneratedSecret);
  };

const pair = () => ({ privateKey: GENERATED.privateKey, publicKey: GENERATED.publicKey });
