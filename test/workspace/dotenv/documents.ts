import fc from "fast-check";
import { inCircles } from "../../../lib/workspace/dotenv/cycles";
import type { Dialect, Environment } from "../../../lib/workspace/dotenv/dialect";
import { dotenv, node } from "../../../lib/workspace/dotenv/node";

/** Texts by file, in order of precedence. */
export type Files = Readonly<Record<string, string>>;

export const ENVIRONMENT: Environment = { HOME_OF: "/home/ann", SET: "s$1x", PATH: "/bin" };

/** The variables that a setting can have. Libraries take other texts for names, too. */
export const named = (values: Readonly<Record<string, string | null | undefined>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => /^[\w.-]+$/.test(entry[0]) && typeof entry[1] === "string"),
  );

/** What a dialect makes of files, as the libraries return it. */
export const read = (dialect: Dialect, files: Files, env: Environment): Record<string, string> => {
  const texts = Object.entries(files).map(([name, text]) => ({ name, text }));
  return named(Object.fromEntries([...dialect.read(texts, env)].map(([name, { value: its }]) => [name, its])));
};

/** Lines as people write them. */
const LINES = `
A=plain
A=with space
A = spaced
export A=exported
A='single'
A="double"
A=\`tick\`
A=a#b
A=a #b
A='a#b' # c
A="a#b"# c
A="line\\nline\\ttab\\\\back"
A='line\\nline\\'s'
A="say \\"hi\\""
A="say "hi""
A='it's'
A=it's
A="two
lines"
A='two
lines'
A="unclosed
A='unclosed
A=
A=""
A
A: yaml
A=\${HOME_OF}/x
A=$HOME_OF/x
A='\${HOME_OF}'
A="\${HOME_OF}"
A=\\$HOME_OF
A=\\\${HOME_OF}
A=\${MISSING:-other}
A=\${MISSING-other}
A=\${HOME_OF:-other}
A=\${B}
A=pa$$word
A=pa$
A=\${A}
A=$SET
A=#
A= # comment
A={"json": "it's"}
A=C:\\new\\table
A==
A=b=c
A=back\\
A="back\\"
A=ä漢🙂\u00a0
\uFEFFA=bom
A=cr\r
  # comment
not a line
A-B=dash
A.B=dot
A=1;B=2
`
  .split(/\n(?=\S|  #|$)/)
  .filter(Boolean);

export const DOCUMENTS: readonly Files[] = [
  ...LINES.map((line): Files => ({ only: `${line}\n` })),
  ...LINES.map((line): Files => ({ only: `B=before\n${line}\nC=after\nB=again ` })),
  ...LINES.map((line): Files => ({ first: `${line}\nC=\${B}`, second: "B=below\nA=below\n" })),
];

const part = fc.constantFrom(
  ..."ab1 \t\n'\"`\\#$={}:-_nr.,;!".split(""),
  "${B}",
  "${A}",
  "$B",
  "${NO:-d}",
  "${SET}",
  "\\n",
  '\\"',
  " #",
  "\r\n",
  "é",
  "\u00a0",
);

const value = fc.array(part, { maxLength: 10 }).map((parts) => parts.join(""));
const quoted = fc
  .tuple(fc.constantFrom("", "", "'", '"', "`"), value, fc.constantFrom("", " ", " # c", "#c"))
  .map(([quote, text, end]) => quote + text + quote + end);
const line = fc.tuple(
  fc.constantFrom("", "", "", "export ", " ", "#"),
  fc.constantFrom("A", "B", "C", "A_1"),
  fc.constantFrom("=", "=", "=", " = ", "= ", ": "),
  fc.oneof(value, quoted),
);
const text = fc
  .array(
    line.map((parts) => parts.join("")),
    { minLength: 1, maxLength: 4 },
  )
  .map((lines) => `${lines.join("\n")}\n`);

/** The same ones on each run. */
export const random = (count: number): readonly Files[] =>
  fc.sample(fc.tuple(text, text, text), { numRuns: count, seed: 11 }).map(([first, second, third]) => ({ first, second, third }));

/** Without those that the libraries would not finish with. */
export const withoutCircles = (documents: readonly Files[], selfEnds: boolean): readonly Files[] =>
  documents.filter((files) => {
    const texts = [...Object.values(files), Object.values(files).toReversed().join("\n")];
    return texts.every((one) => {
      const raw = [dotenv, node].map(({ read: readAll }) => readAll([{ name: "", text: one }], {}));
      return raw.every(
        (values) => inCircles(new Map([...values].map(([name, { value: its }]) => [name, its])), ENVIRONMENT, selfEnds).size === 0,
      );
    });
  });
