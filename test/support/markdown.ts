import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

export const root = path.resolve(__dirname, "../../..");

/** Text of every documentation page by its path from the repository's root. */
export const readPages = (): ReadonlyMap<string, string> =>
  new Map(
    [...pagesIn(".", false), ...pagesIn("docs"), ...pagesIn("examples")].map((page) => [page, readFileSync(path.join(root, page), "utf8")]),
  );

const pagesIn = (folder: string, recursive = true): readonly string[] =>
  readdirSync(path.join(root, folder), { recursive, encoding: "utf8" })
    .map((name) => path.join(folder, name))
    .filter((name) => name.endsWith(".md") && !name.split(path.sep).includes("node_modules"))
    .toSorted();

export interface CodeBlock {
  /** The info string of the fence: `ts`, `sh`. */
  readonly language: string;
  readonly text: string;
  /** Line number of the first line of its text, from 1. */
  readonly line: number;
}

/** Fenced code blocks of a page. */
export const codeBlocks = (page: string): readonly CodeBlock[] =>
  [...page.matchAll(FENCED)].map(({ 1: language = "", 2: text = "", index }) => ({
    language,
    text,
    line: page.slice(0, index).split("\n").length + 1,
  }));

/** Inline code of a line. */
export const inlineCode = (page: string): readonly string[] => [...withoutBlocks(page).matchAll(INLINE)].map(({ 1: text = "" }) => text);

export interface Link {
  readonly target: string;
  readonly line: number;
}

/** Links and images: `[text](target)`. */
export const linksIn = (page: string): readonly Link[] => {
  const text = withoutBlocks(page).replaceAll(INLINE, blanked);
  return [...text.matchAll(/\]\(([^()\s]+)\)/g)].map(({ 1: target = "", index }) => ({
    target,
    line: text.slice(0, index).split("\n").length,
  }));
};

/** GitHub's anchors for a page's headings. */
export const anchorsIn = (page: string): ReadonlySet<string> => {
  const anchors = new Set<string>();
  for (const { 1: heading = "" } of withoutBlocks(page).matchAll(/^#{1,6} +(.+?) *$/gm)) {
    const slug = slugOf(heading);
    const taken = (attempt: number) => (attempt === 0 ? slug : `${slug}-${attempt}`);
    let attempt = 0;
    while (anchors.has(taken(attempt))) attempt += 1;
    anchors.add(taken(attempt));
  }
  return anchors;
};

const slugOf = (heading: string): string =>
  heading
    .replaceAll(/\]\([^)]*\)/g, "]")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, "")
    .replaceAll(" ", "-");

const FENCED = /^```([^\n`]*)\n([^]*?)^```$/gm;
const INLINE = /`([^`\n]+)`/g;

/** Keeps line numbers unchanged. */
const blanked = (text: string): string => text.replaceAll(/[^\n]/g, " ");

const withoutBlocks = (page: string): string => page.replaceAll(FENCED, blanked);
