import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { codeBlocks, readPages, root, type CodeBlock } from "../support/markdown";
import { importTool } from "../support/tools";
import { diagnose } from "../support/typescript";
import type * as Entries from "../../tools/entries.mjs";

/** Its exports are at hand in every block that is not a file of its own. */
const WORLD = path.join(root, "test/types/docs-world");

interface Source extends Pick<CodeBlock, "text" | "line"> {
  readonly page: string;
  /** The block's first line, `// settings.ts`, makes it a file: other blocks of the page import it, and it says itself where all of it comes from. */
  readonly file?: string | undefined;
}

const sourcesIn = (pages: ReadonlyMap<string, string>): ReadonlyMap<string, Source> =>
  new Map(
    [...pages].flatMap(([page, markdown]) =>
      codeBlocks(markdown)
        .filter(({ language }) => language === "ts")
        .map(({ text, line }): [string, Source] => {
          const file = /^\/\/ ([\w-]+\.ts)\b/.exec(text)?.[1];
          // A folder for each page, where the compiler looks for nothing else.
          return [path.join(root, `${page}.code`, file ?? `line-${line}.ts`), { page, text, line, file }];
        }),
    ),
  );

/** What the compiler has against the blocks of pages, as `<page>:<line> <message>`. */
const complaints = async (pages: ReadonlyMap<string, string>): Promise<readonly string[]> => {
  const { entries } = await importTool<typeof Entries>("entries.mjs");
  const entryFiles = new Map(entries().map(({ specifier, source }) => [specifier, path.join(root, source)]));
  const sources = sourcesIn(pages);
  const world = new Set(exportsOf(`${WORLD}.ts`, entryFiles));
  const found = diagnose(new Map([...sources].map(([name, source]) => [name, whole(source, world)])), {
    fileFor: (name) => name,
    paths: Object.fromEntries([...entryFiles].map(([specifier, file]) => [specifier, [file]])),
  });
  return [...found].flatMap(([name, said]) => {
    const { page, line } = sources.get(name) ?? assert.fail(name);
    return said.map((one) => `${page}:${line + one.line - 1} ${one.message}`);
  });
};

/** Imports what a block uses and does not import or declare, on the block's first line: so line numbers stay. */
const whole = ({ text, file }: Source, world: ReadonlySet<string>): string => {
  if (file !== undefined) return text;
  const { used, own } = namesIn(text);
  const needed = [...used].filter((name) => world.has(name) && !own.has(name));
  return `import { ${needed.join(", ")} } from ${JSON.stringify(WORLD)}; ${text}`;
};

const namesIn = (text: string): { readonly used: ReadonlySet<string>; readonly own: ReadonlySet<string> } => {
  const used = new Set<string>();
  const own = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) used.add(node.text);
    if (
      (ts.isVariableDeclaration(node) || ts.isImportSpecifier(node) || ts.isClassDeclaration(node)) &&
      node.name &&
      ts.isIdentifier(node.name)
    )
      own.add(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("block.ts", text, ts.ScriptTarget.ES2023));
  return { used, own };
};

/** What a module exports, by name, types among them; also what it hands on from others of ours. */
const exportsOf = (file: string, entryFiles: ReadonlyMap<string, string>): readonly string[] =>
  ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2023).statements.flatMap((statement) => {
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.flatMap(({ name }) => (ts.isIdentifier(name) ? [name.text] : []));
    if (!ts.isExportDeclaration(statement)) return [];
    const { exportClause: clause, moduleSpecifier: from } = statement;
    if (clause) return ts.isNamedExports(clause) ? clause.elements.map(({ name }) => name.text) : [clause.name.text];
    const specifier = from && ts.isStringLiteral(from) ? from.text : "";
    const place = entryFiles.get(specifier) ?? path.join(path.dirname(file), specifier);
    const found = [place, `${place}.ts`, path.join(place, "index.ts")].find((each) => existsSync(each) && statSync(each).isFile());
    return exportsOf(found ?? assert.fail(`${file} hands on ${specifier}`), entryFiles);
  });

/** A page whose blocks are wrong in its lines 3, 7, 10 and 11: what is not there, in a file what is not imported, and between files. */
const WRONG = [
  "# A",
  "```ts",
  "local({ port: 1 });",
  "```",
  "```ts",
  "// settings.ts",
  "export const shared = settings();",
  "```",
  "```ts",
  'import { other } from "./settings.js";',
  "nothing();",
  "```",
  "",
].join("\n");

describe("the TypeScript of the pages", () => {
  const pages = readPages();
  let said: readonly string[];
  // All at once: most of the time goes into the types of the libraries.
  before(async () => (said = await complaints(new Map([...pages, ["wrong.md", WRONG]]))));

  it("is complained about where it is wrong", () => {
    const lines = said.filter((one) => one.startsWith("wrong.md")).map((one) => one.split(" ", 1)[0]);
    assert.deepEqual(lines, ["wrong.md:3", "wrong.md:7", "wrong.md:10", "wrong.md:11"], said.join("\n"));
  });

  it("compiles against the package's own sources", () => {
    assert.ok(sourcesIn(pages).size > 20, "blocks are found");
    assert.deepEqual(
      said.filter((one) => !one.startsWith("wrong.md")),
      [],
    );
  });
});
