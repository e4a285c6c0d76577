import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { anchorsIn, linksIn, readPages, root } from "../support/markdown";

type Pages = ReadonlyMap<string, string>;

/** Links to what is not there, as `<page>:<line> <target>`. Addresses elsewhere are not asked. */
const brokenLinks = (pages: Pages, exists: (file: string) => boolean): readonly string[] =>
  [...pages].flatMap(([page, text]) =>
    linksIn(text)
      .filter(({ target }) => !/^(https:\/\/|mailto:)/.test(target))
      .filter(({ target }) => !leadsSomewhere(page, target, pages, exists))
      .map(({ target, line }) => `${page}:${line} ${target}`),
  );

const leadsSomewhere = (page: string, target: string, pages: Pages, exists: (file: string) => boolean): boolean => {
  const [file = "", anchor] = target.split("#");
  const found = file === "" ? page : path.join(path.dirname(page), file);
  if (path.isAbsolute(file) || found.startsWith("..") || !exists(found)) return false;
  return anchor === undefined || anchorsIn(pages.get(found) ?? "").has(anchor);
};

/** Pages that a reader who starts at one page gets to. */
const reachable = (pages: Pages, from: string, seen = new Set<string>()): ReadonlySet<string> => {
  if (seen.has(from)) return seen;
  seen.add(from);
  for (const { target } of linksIn(pages.get(from) ?? "")) {
    const place = path.join(path.dirname(from), target.split("#")[0] ?? "");
    // GitHub shows a folder with its README.
    for (const page of [place, path.join(place, "README.md")]) if (pages.has(page)) reachable(pages, page, seen);
  }
  return seen;
};

describe("the links of the pages", () => {
  const pages = readPages();

  it("are found broken where the file, the heading or the repository's border is wrong, and only there", () => {
    const some = new Map([
      [
        "README.md",
        "# One `two`, three\n[a](docs/a.md#c-d) ![b](docs/b.png) [c](#one-two-three)\n`[x](y)`\n```\n[x](y)\n```\n[d](https://x.y)",
      ],
      ["docs/a.md", "## C-d\n## C-d\n[a](#c-d-1) [b](../README.md#two)\n[c](b.md) [d](../../out.md) [e](/docs/a.md) [f](#c-d-2)"],
    ]);
    const files = new Set([...some.keys(), "docs/b.png", "../out.md", "docs/a.md"]);
    assert.deepEqual(
      brokenLinks(some, (file) => files.has(file)),
      ["../README.md#two", "b.md", "../../out.md", "/docs/a.md", "#c-d-2"].map(
        (target, index) => `docs/a.md:${index === 0 ? 3 : 4} ${target}`,
      ),
    );
  });

  const broken = brokenLinks(pages, (file) => existsSync(path.join(root, file)));
  for (const page of pages.keys())
    it(`lead to what is there: ${page}`, () => {
      assert.deepEqual(
        broken.filter((link) => link.startsWith(`${page}:`)),
        [],
      );
    });

  it("lead from the README to every page", () => {
    const found = reachable(pages, "README.md");
    assert.deepEqual(
      [...pages.keys()].filter((page) => !found.has(page)),
      [],
    );
  });
});
