import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { parseEnv } from "node:util";
import type { Dialect, Environment } from "../../../lib/workspace/dotenv/dialect";
import {
  dotenv,
  dotenvExpand,
  dotenvFlow,
  dotenvx,
  next,
  node,
  oldDotenv,
  oldDotenvExpand,
  vite,
  viteBefore8,
} from "../../../lib/workspace/dotenv/node";
import { npmPackages } from "../../support/npm-packages";
import { temporary } from "../temporary";
import { DOCUMENTS, ENVIRONMENT, type Files, named, random, read, withoutCircles } from "./documents";

interface Dotenv {
  readonly parse: (text: string) => Record<string, string>;
}

interface DotenvExpand {
  readonly expand?: Expand;
}

type Expand = (options: { parsed: Record<string, string>; processEnv?: Record<string, string> }) => { parsed?: Record<string, string> };

/** The variables of process.env during a call. */
const during = <T>(env: Environment, call: () => T): T => {
  const before = { ...process.env };
  const setTo = (values: Environment) => {
    for (const name of Object.keys(process.env)) delete process.env[name];
    for (const [name, value] of Object.entries(values)) if (value !== undefined) process.env[name] = value;
  };
  try {
    setTo(env);
    return call();
  } finally {
    setTo(before);
  }
};

describe("dotenv files are read as the libraries of Node apps read them:", () => {
  let folder: string | undefined;
  let place: ReturnType<typeof temporary>;
  before(async function () {
    this.timeout(300_000);
    folder = await npmPackages({
      dotenv10: "npm:dotenv@10.0.0",
      dotenv16: "npm:dotenv@16.4.5",
      dotenv18: "npm:dotenv@18.0.10",
      expand10: "npm:dotenv-expand@10.0.0",
      expand13: "npm:dotenv-expand@13.0.0",
      "@dotenvx/dotenvx": "2.38.2",
      "dotenv-flow": "4.1.0",
      next14: "npm:@next/env@14.2.35",
      next16: "npm:@next/env@16.4.6",
      vite7: "npm:vite@7.2.0",
      vite8: "npm:vite@8.3.8",
    });
  });
  beforeEach(() => (place = temporary()));
  afterEach(() => place.remove());

  const required = (name: string): object => createRequire(path.join(folder ?? "", "index.js"))(name) as object;
  const imported = async (name: string): Promise<object> =>
    (await import(createRequire(path.join(folder ?? "", "index.js")).resolve(name))) as object;

  const compare = (dialect: Dialect, files: readonly Files[], real: (files: Files) => Readonly<Record<string, string | undefined>>) => {
    for (const one of files)
      assert.deepEqual(read(dialect, one, ENVIRONMENT), named({ ...real(one) }), `${dialect.name}: ${JSON.stringify(one)}`);
  };
  const documents = [...DOCUMENTS, ...random(1500)];
  const some = [...DOCUMENTS, ...random(300)];

  const expandable = (dialect: Dialect, all: readonly Files[]) => withoutCircles(all, dialect !== next && dialect !== oldDotenvExpand);

  /** Compares a whole folder of files, as a framework reads it. */
  const compareFolders = (dialect: Dialect, real: () => Readonly<Record<string, string | undefined>>, names: readonly string[]) => {
    const order = new Map(names.map((name, index) => [`FILE${index}`, name]));
    compare(
      dialect,
      expandable(dialect, some).map((files) =>
        Object.fromEntries(Object.entries(files).map(([, text], index) => [order.get(`FILE${index}`) ?? "", text])),
      ),
      (files) => {
        for (const name of names) rmSync(path.join(place.folder, name), { force: true });
        for (const [name, text] of Object.entries(files)) place.write(name, text);
        const all = during(ENVIRONMENT, real);
        const written = Object.values(files).join("\n");
        return Object.fromEntries(Object.entries(all).filter(([name]) => !Object.hasOwn(ENVIRONMENT, name) && written.includes(name)));
      },
    );
  };

  it("node --env-file", () => compare(node, documents.map(single), ({ only = "" }) => parseEnv(only)));

  for (const name of ["dotenv16", "dotenv18"])
    it(name, function () {
      if (folder === undefined) return this.skip();
      compare(dotenv, documents.map(single), ({ only = "" }) => (required(name) as Dotenv).parse(only));
    });

  it("dotenv10", function () {
    if (folder === undefined) return this.skip();
    compare(oldDotenv, documents.map(single), ({ only = "" }) => (required("dotenv10") as Dotenv).parse(only));
  });

  it("dotenvx, if at all", function () {
    if (folder === undefined) return this.skip();
    const { parse } = required("@dotenvx/dotenvx") as { parse: (text: string, options: object) => Record<string, string> };
    let count = 0;
    // It runs the commands in $(...).
    for (const { only = "" } of expandable(dotenvx, documents.map(single)).filter(({ only: text = "" }) => !/\$\(|encrypted:/.test(text))) {
      const real = parse(only, { processEnv: { ...ENVIRONMENT } });
      for (const [name, value] of Object.entries(read(dotenvx, { only }, ENVIRONMENT))) {
        assert.equal(value, real[name], JSON.stringify(only));
        count += 1;
      }
    }
    assert.ok(count > documents.length / 2, `${count} of ${documents.length}`);
  });

  it("dotenv-flow", function () {
    if (folder === undefined) return this.skip();
    const { parse } = required("dotenv-flow") as { parse: (file: string) => Record<string, string> };
    compare(dotenvFlow, some.map(single), ({ only = "" }) => parse(place.write(".env", only)));
  });

  for (const [dialect, name] of [
    [dotenvExpand, "expand13"],
    [oldDotenvExpand, "expand10"],
  ] as const)
    it(name, function () {
      if (folder === undefined) return this.skip();
      const { expand } = required(name) as DotenvExpand;
      const { parse } = required("dotenv16") as Dotenv;
      compare(dialect, expandable(dialect, documents).map(single), ({ only = "" }) => {
        const parsed = parse(only);
        return during({ ...parsed, ...ENVIRONMENT }, () => expand?.({ parsed }).parsed ?? {});
      });
    });

  for (const name of ["next14", "next16"])
    it(name, function () {
      if (folder === undefined) return this.skip();
      const { loadEnvConfig } = required(name) as {
        loadEnvConfig: (folder: string, dev: boolean, log: unknown, force: boolean) => unknown;
      };
      const silent = { info: () => undefined, error: () => undefined };
      const NEXT = [".env.development.local", ".env.local", ".env.development", ".env"];
      compareFolders(
        next,
        () => {
          loadEnvConfig(place.folder, true, silent, true);
          return { ...process.env };
        },
        NEXT,
      );
    });

  for (const [dialect, name] of [
    [viteBefore8, "vite7"],
    [vite, "vite8"],
  ] as const)
    it(name, async function () {
      if (folder === undefined) return this.skip();
      const { loadEnv } = (await imported(name)) as { loadEnv: (mode: string, folder: string, prefix: string) => Record<string, string> };
      compareFolders(dialect, () => loadEnv("development", place.folder, ""), [
        ".env.development.local",
        ".env.development",
        ".env.local",
        ".env",
      ]);
    });
});

const single = (files: Files): Files => ({ only: Object.values(files)[0] ?? "" });
