import { codeOf, fault } from "../errors";

/** Turns an error from loading a settings file into one that tells the user how to fix it. */
export const loadFailure = (file: string, error: unknown, redact: (text: string) => string): Error => {
  const code = codeOf(error);
  const message = redact(error instanceof Error ? error.message : String(error));
  if (code === "DECLARATION_INVALID" && error instanceof Error) return error;
  if (code === "SETTINGS_INVALID")
    return fault(
      "DECLARATION_LOADS",
      `${file} loads values on import, before any exist`,
      "move the declaration to its own file, without load()",
      file,
    );
  if (code === "MODULE_NOT_FOUND" || code === "ERR_MODULE_NOT_FOUND")
    return fault(
      "DECLARATION_IMPORT",
      `${file} has an import that cannot be resolved: ${firstLine(message)}`,
      "install the package, or correct the import",
      file,
    );
  const syntax = syntaxIn(message);
  if (syntax) return fault("DECLARATION_NOT_COMPILED", `${syntax.place}: ${syntax.what}`, "correct the syntax", syntax.place);
  const place = (error instanceof Error && thrownAt(error)) || file;
  return fault("DECLARATION_THROWS", `${place}: ${message}`, "make the file importable without values from the environment", place);
};

const SYNTAX = "ParseError: ";

/** Parses the loader's own message: what is wrong and, on the next line, `<file>:<line>:<column>`. */
const syntaxIn = (message: string): { readonly what: string; readonly place: string } | undefined => {
  if (!message.startsWith(SYNTAX)) return undefined;
  const [what = "", place = ""] = message.slice(SYNTAX.length).split("\n", 2);
  return /:\d+:\d+$/.test(place.trim()) ? { what: what.trim(), place: place.trim() } : undefined;
};

const firstLine = (text: string): string => text.split("\n")[0] ?? "";

/** `<file>:<line>` of the first stack frame in the app's own code. */
const thrownAt = ({ stack = "" }: Error): string | undefined =>
  stack
    .split("\n")
    .filter((line) => line.startsWith("    at ") && !line.includes("node_modules"))
    .map(placeIn)
    .find((place) => place !== undefined);

/** The first absolute path of a frame and its line. Matched in two steps, as a single pattern would restart at every slash. */
const placeIn = (frame: string): string | undefined => {
  const before = /(?:file:\/\/|\(|at )(?=\/)/.exec(frame);
  return before ? /^(.*:\d+):\d+\)?$/.exec(frame.slice(before.index + before[0].length))?.[1] : undefined;
};
