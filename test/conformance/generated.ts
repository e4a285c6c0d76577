import assert from "node:assert/strict";
import type { Platform } from "../../lib/contract/platform";
import type { Target } from "../../lib/contract/target";
import { keyPair, load, secret, settings, type GeneratedSecretOptions } from "../../lib/index";
import { registerSecret } from "../support/secrets";
import type { TestStack } from "../support/stack";
import type { Deploy } from "./deploy";

/** Requirements for the generated secrets of a target that makes any. */
export const generatesOnce = async <P extends Platform>({ facts }: Target<P>, deploy: Deploy<P>, stack: TestStack): Promise<void> => {
  if (facts.generated === undefined) return;
  const group = (options: Partial<GeneratedSecretOptions> = {}) =>
    settings("shared", { token: secret({ generate: true, ...options }), jwt: keyPair({ type: "ed25519" }) });
  const loaded = async (of = group()) => {
    const deployed = await deploy([of]);
    const { token, jwt } = await load(of, { env: deployed.env("shared") });
    // A line of the key itself: text that quotes it may escape the ends of lines.
    const [, line = ""] = jwt.privateKey.reveal().split("\n");
    return { deployed, token: registerSecret(token.reveal()), privateKey: registerSecret(line), publicKey: jwt.publicKey };
  };
  const first = await loaded();
  assert.match(first.token, /^[\w-]{43}$/);
  assert.ok(first.deployed.isSecret("shared"));
  await stack.expectNoChanges();

  const changed = await loaded(group({ generate: { bytes: 64, as: "hex" } }));
  assert.deepEqual([changed.token, changed.deployed.changes.replace], [first.token, undefined]);

  const renamed = settings("shared", { session: secret({ generate: true, formerly: ["shared.token"] }) });
  assert.equal((await load(renamed, { env: (await deploy([renamed])).env("shared") })).session.reveal(), first.token);
  // The former id is free for another setting, which has a value of its own.
  const both = settings("shared", { session: secret({ generate: true }), token: secret({ generate: true }) });
  const { session, token } = await load(both, { env: (await deploy([both])).env("shared") });
  assert.equal(session.reveal(), first.token);
  assert.notEqual(registerSecret(token.reveal()), first.token);

  const supplied = registerSecret("supplied by a person, %40 and all");
  await stack.stack.setConfig("TOKEN", { value: supplied, secret: true });
  assert.equal((await loaded()).token, supplied);
  await stack.stack.removeConfig("TOKEN");
  assert.equal((await loaded()).token, token.reveal());

  await stack.destroy();
  const again = await loaded();
  assert.deepEqual([again.token, again.privateKey, again.publicKey], [token.reveal(), first.privateKey, first.publicKey]);
  stack.assertNoSecret([first.token, again.token, again.privateKey], stack.output(), JSON.stringify(stack.events));
};
