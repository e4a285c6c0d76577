import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import path from "node:path";
import fc from "fast-check";
import { textFault } from "../../lib/text-faults";

const library = path.resolve(__dirname, "../../lib/index.js");
const program = `
  const { loadSync, secret, settings } = require(${JSON.stringify(library)});
  const { token } = loadSync(settings("shared", { token: secret() }), { environment: "development" });
  process.stdout.write(JSON.stringify(token.reveal()));
`;

/** The value that a process loads when started with it in its environment. */
const through = (TOKEN: string): unknown =>
  JSON.parse(execFileSync(process.execPath, ["-e", program], { env: { TOKEN, PATH: process.env["PATH"] }, encoding: "utf8" }));

describe("a value passed to a process through its environment", () => {
  const pem = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  for (const [what, value] of Object.entries({
    "a PEM key": pem,
    "line endings of all kinds": "a\nb\r\nc\rd\n",
    "dollar and percent signs": "$HOME ${ } $$ %PATH% %20 %",
    "quotes and backslashes": `'"\`\\\\n\\`,
    "URL delimiters": "p@ss/w:rd?#[]&=+",
    "blanks around it": "  a\tb  ",
    "letters of all kinds": "pässwörd пароль 密码 🔑",
    "an equals sign": "=a=b=",
    "a very long text": "x".repeat(100_000),
  })) {
    it(`arrives unchanged: ${what}`, () => assert.equal(through(value), value));
  }

  it("arrives unchanged, whatever its text", () => {
    const text = fc.string({ unit: "grapheme", minLength: 1 }).filter((value) => !value.includes("\0"));
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 20 }), (parts) => {
        const value = parts.join("\n");
        fc.pre(textFault(value) === undefined);
        assert.equal(through(value), value);
      }),
      { numRuns: 10 },
    );
  });
});
