import assert from "node:assert/strict";
import { z } from "zod";
import { keyPair, loadSync, secret, settings, type KeyPairOptions } from "../../lib/index";
import { errorOf } from "../support/errors";

/** As from a JavaScript program, without the compiler's checks. */
const loose = (options: object) => secret(options as { readonly generate: true });

describe("a generated setting", () => {
  const cases: Readonly<Record<string, readonly [z.ZodType, string]>> = {
    "a fallback": [loose({ generate: true, fallback: "other" }), "fallback"],
    requiredIn: [loose({ generate: true, requiredIn: ["production"] }), "requiredIn"],
    "`.optional()`": [secret({ generate: true }).optional(), ".optional()"],
    "`.nullable()`": [secret({ generate: true }).nullable(), ".nullable()"],
    "everything at once": [
      loose({ generate: true, fallback: "other", requiredIn: ["test"] }).optional(),
      "fallback and requiredIn and .optional()",
    ],
    "a fallback of a key pair": [keyPair({ fallback: "pair" } as unknown as KeyPairOptions), "fallback"],
  };
  for (const [what, [schema, named]] of Object.entries(cases))
    it(`rejects ${what} with one problem`, () => {
      const error = errorOf(() => settings("shared", { token: schema, other: secret(), pair: keyPair() } as never));
      assert.deepEqual(
        error.problems.map(({ message }) => message),
        [`shared.token is generated when no value is supplied, so it is never absent and ${named} cannot apply`],
      );
    });

  it("rejects requiredWhen", () => {
    const shape = { mode: z.enum(["a", "b"]), token: secret({ generate: true }) };
    const error = errorOf(() => settings("shared", shape, { requiredWhen: { token: { mode: "a" } } }));
    assert.match(error.message, /shared\.token is generated .* and requiredWhen cannot apply/);
  });

  it("can be wrapped, described and used as a fallback", () => {
    const group = settings("shared", {
      token: secret({ generate: true }).describe("signs sessions").readonly(),
      next: secret({ fallback: "token" }),
    });
    const { token, next } = loadSync(group, { env: { TOKEN: "qzjw-xkvv-0123" } });
    assert.ok(token.equals(next));
  });

  it("without a value is an error that says how to generate one", () => {
    const [problem] = errorOf(() => loadSync(settings("shared", { token: secret({ generate: true }) }), { env: {} })).problems;
    assert.deepEqual(
      [problem?.message, problem?.fix],
      [
        "TOKEN must be configured",
        "start the app with `endow dev -- <command>`, which generates it, or set TOKEN in the environment (or TOKEN_FILE)",
      ],
    );
  });
});
