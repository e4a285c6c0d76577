import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Command } from "commander";
import { program } from "../../lib/cli/program";
import { codeBlocks, inlineCode, readPages, root } from "../support/markdown";

const pages = readPages();
const commands = new Map(program("0.0.0").commands.map((command) => [command.name(), command]));

/** `--all`, `--cwd` */
const optionsOf = (command: Command): readonly string[] => command.options.flatMap(({ long }) => long ?? []);

/** What a page tells a reader to type after `endow`, up to what is another program's. */
const callsIn = (markdown: string): readonly (readonly string[])[] =>
  [...codeBlocks(markdown).flatMap(({ language, text }) => (language === "sh" ? text.split("\n") : [])), ...inlineCode(markdown)].flatMap(
    (line) => {
      const words = /^(?:npx )?endow (.+)$/.exec(line.replace(/\s#.*$/, ""))?.[1]?.split(/\s+/) ?? [];
      const end = words.findIndex((word) => ["--", ">", "|", "&&"].includes(word));
      return words.length === 0 ? [] : [end === -1 ? words : words.slice(0, end)];
    },
  );

/** Why such a call does not work. */
const refused = ([name = "", ...words]: readonly string[]): string | undefined => {
  if (["help", "<command>", "--version"].includes(name)) return undefined;
  const command = commands.get(name);
  if (command === undefined) return `there is no command ${name}`;
  const unknown = words.filter((word) => word.startsWith("--")).find((word) => !optionsOf(command).includes(word));
  return unknown && `${name} has no ${unknown}`;
};

/** Sections by their headings of the second level, and what stands before the first. */
const sectionsOf = (markdown: string): ReadonlyMap<string, string> =>
  new Map(markdown.split(/^## /m).map((section) => [section.split("\n", 1)[0] ?? "", section]));

/** What the tables of a text have in backticks in their first column. */
const firstCells = (markdown: string): readonly string[] =>
  [...markdown.matchAll(/^\|([^|]*)\|/gm)].flatMap(({ 1: cell = "" }) => inlineCode(cell));

describe("the commands that the pages name", () => {
  for (const [page, markdown] of pages)
    it(`exist, with their options: ${page}`, () =>
      assert.deepEqual(
        callsIn(markdown).flatMap((call) => refused(call) ?? []),
        [],
      ));

  it("are refused where there is no such command or option", () =>
    assert.deepEqual(callsIn("`npx endow up` `endow dev --stpo -- x --y`\n```sh\nendow env --group a # --no\n```\n").map(refused), [
      undefined,
      "there is no command up",
      "dev has no --stpo",
    ]));

  const sections = sectionsOf(pages.get("docs/commands.md") ?? "");
  const common = firstCells(sections.get("Options of all commands") ?? "");

  it("have their common options in one section", () => {
    const others = [...commands.values()].filter((command) => command.name() !== "setup").map(optionsOf);
    assert.deepEqual(others[0]?.filter((option) => others.every((all) => all.includes(option))).toSorted(), common.toSorted());
  });

  for (const [name, command] of commands)
    it(`have each option in their section, and no other: ${name}`, () => {
      const own = optionsOf(command).filter((option) => !common.includes(option));
      assert.deepEqual(firstCells(sections.get(`endow ${name}`) ?? "").toSorted(), own.toSorted());
    });
});

it("the error codes that docs/errors.md explains are those of the sources", () => {
  const lib = path.join(root, "lib");
  const sources = readdirSync(lib, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  const text = sources.map((file) => readFileSync(path.join(lib, file), "utf8")).join("\n");
  const codes = firstCells(pages.get("docs/errors.md") ?? "");
  assert.ok(codes.length > 50, "codes are found");
  assert.deepEqual(
    codes.filter((code) => !new RegExp(`\\b${code}\\b`).test(text)),
    [],
  );
});
