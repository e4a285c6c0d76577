import assert from "node:assert/strict";
import { Console } from "node:console";
import { Writable } from "node:stream";
import { format, inspect } from "node:util";
import { serialize } from "node:v8";
import { pino } from "pino";
import { createLogger, format as winstonFormat, transports } from "winston";

/** Every way to turn a value into text in a log, an error or a file. None may reveal a secret. */
export const printers: Readonly<Record<string, (value: unknown) => string | Promise<string>>> = {
  "String()": (value) => String(value),
  "a template": (value) => `${value as number}`,
  "a sum with text": (value) => "value: " + (value as string),
  "toLocaleString()": (value) => Object.prototype.toLocaleString.call(value),
  "Array.join": (value) => [value].join(),
  "Object.prototype.toString": (value) => Object.prototype.toString.call(value),
  "encodeURIComponent()": (value) => encodeURIComponent(value as string),
  URLSearchParams: (value) => new URLSearchParams({ value: value as string }).toString(),
  "JSON.stringify": (value) => JSON.stringify(value),
  "JSON.stringify, nested": (value) => JSON.stringify({ a: [{ value }] }),
  "v8.serialize": (value) => serialize(value).toString("latin1"),
  structuredClone: (value) => inspect(structuredClone(value)),
  "Object.entries": (value) => JSON.stringify(Object.entries(value as object)),
  "for in": (value) => {
    const found: unknown[] = [];
    for (const key in value as object) found.push(key, (value as Record<string, unknown>)[key]);
    return inspect(found);
  },
  "a spread": (value) => inspect({ ...(value as object) }),
  "Object.assign": (value) => inspect(Object.assign({}, value)),
  "own property descriptors": (value) => inspect(Object.getOwnPropertyDescriptors(value as object), { depth: null }),
  "util.inspect": (value) => inspect(value),
  "util.inspect, nested": (value) => inspect({ a: [new Map([["value", value]]), new Set([value])] }, { depth: null }),
  "util.inspect of everything": (value) => inspect(value, { depth: null, showHidden: true, getters: true, showProxy: true }),
  "util.inspect without toString": (value) => inspect(value, { depth: null, customInspect: false }),
  "util.format %s": (value) => format("%s", value),
  "util.format %d": (value) => format("%d %i %f", value, value, value),
  "util.format %j": (value) => format("%j", value),
  "util.format %o": (value) => format("%o", value),
  "util.format %O": (value) => format("%O", value),
  "util.format without a format": (value) => format(value, "and", value),
  "console.log": (value) => consoled((console) => console.log(value)),
  "console.dir": (value) => consoled((console) => console.dir({ value }, { depth: null, showHidden: true })),
  "console.table": (value) => consoled((console) => console.table([{ value }, value])),
  "an error's message": (value) => inspect(new Error(`cannot use ${value as string}`)),
  "an error's cause": (value) => inspect(new Error("no", { cause: value }), { depth: null }),
  "an error's property": (value) => inspect(Object.assign(new Error("no"), { value }), { depth: null, showHidden: true }),
  "assert.equal": (value) => messageOf(() => assert.equal(value, "something else")),
  "assert.deepEqual": (value) => messageOf(() => assert.deepEqual({ value }, { value: "something else" })),
  "assert.ok": (value) => messageOf(() => assert.ok(!value)),
  "assert.match": (value) => messageOf(() => assert.match(value as string, /something else/)),
  "pino, as the message": (value) => written((stream) => pino({}, stream).info(value)),
  "pino, as a field": (value) => written((stream) => pino({}, stream).info({ value, nested: { value } }, "message")),
  "pino, interpolated": (value) => written((stream) => pino({}, stream).info("%s %j %o", `${value as number}`, { value }, [value])),
  "pino, in an error": (value) => written((stream) => pino({}, stream).error(Object.assign(new Error("no", { cause: value }), { value }))),
  "winston, as the message": (value) => written((stream) => winston(stream).info(value)),
  "winston, as a field": (value) => written((stream) => winston(stream).info("message", { value, nested: { value } })),
  "winston, interpolated": (value) => written((stream) => winston(stream, winstonFormat.splat()).info("%s %j %o", value, value, value)),
  "winston, pretty": (value) => written((stream) => winston(stream, winstonFormat.prettyPrint()).info("message", { value })),
};

/** Asserts that no printer reveals the secret in a value. */
export const describeRedaction = (what: string, value: unknown, hidden: string): Mocha.Suite =>
  describe(`redaction of ${what}`, () => {
    for (const [printer, print] of Object.entries(printers)) {
      it(`holds for ${printer}`, async () => assert.ok(!(await printed(print, value)).includes(hidden), "the value was printed"));
    }

    it("prints a mask instead of the value", () => assert.match(inspect(value, { depth: null }), /\*\*\*/));
  });

/** A bucket contains a function, which cannot be cloned: an error is fine as long as it hides the value. */
const printed = async (print: (value: unknown) => string | Promise<string>, value: unknown): Promise<string> => {
  try {
    return await print(value);
  } catch (error) {
    assert.match(String(error), /could not be cloned|Cannot convert/);
    return inspect(error, { depth: null });
  }
};

const written = async (use: (stream: Writable) => void): Promise<string> => {
  let text = "";
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      text += chunk.toString();
      done();
    },
  });
  use(stream);
  // Loggers write asynchronously.
  await new Promise((resolve) => setImmediate(resolve));
  assert.notEqual(text, "", "the logger wrote nothing: this printer proves nothing");
  return text;
};

const consoled = (use: (console: Console) => void) => written((stream) => use(new Console({ stdout: stream, stderr: stream })));

const winston = (stream: Writable, ...formats: ReturnType<typeof winstonFormat.splat>[]) =>
  createLogger({ format: winstonFormat.combine(...formats, winstonFormat.json()), transports: [new transports.Stream({ stream })] });

const messageOf = (throwing: () => void): string => {
  try {
    throwing();
  } catch (error) {
    return inspect(error, { depth: null });
  }
  throw new Error("the assertion held: this printer proves nothing");
};
