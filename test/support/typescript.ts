import path from "node:path";
import ts from "typescript";

const root = path.resolve(__dirname, "../../..");

/** Library types shared by all language services. */
const parsed = ts.createDocumentRegistry();

export interface Setup {
  /**
   * The virtual file name of a source; it need not exist on disk.
   * @default - one of test/types
   */
  readonly fileFor?: (name: string, index: number) => string;
  readonly paths?: Readonly<Record<string, readonly string[]>>;
}

const aFileOfTheTypes = (_name: string, index: number): string => path.join(root, "test/types", `source-${index}.mts`);

/** Compiler options of a typical user: strict, ES modules. */
const service = (
  sources: ReadonlyMap<string, string>,
  { fileFor = aFileOfTheTypes, paths = {} }: Setup = {},
): { readonly service: ts.LanguageService; readonly nameOf: (name: string) => string } => {
  const names = new Map([...sources.keys()].map((name, index) => [name, fileFor(name, index)]));
  const texts = new Map([...sources].map(([name, text]) => [names.get(name) ?? name, text]));
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.Preserve,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ["lib.es2023.d.ts"],
    types: ["node"],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    paths: Object.fromEntries(Object.entries(paths).map(([specifier, files]) => [specifier, [...files]])),
  };
  const folders = new Set([...texts.keys()].map((file) => path.dirname(file)));
  const readFile = (file: string) => texts.get(file) ?? ts.sys.readFile(file);
  const host: ts.LanguageServiceHost = {
    getCompilationSettings: () => options,
    getScriptFileNames: () => [...texts.keys()],
    getScriptVersion: (file) => texts.get(file) ?? "as it is on disk",
    getScriptSnapshot: (file) => {
      const text = readFile(file);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => root,
    getDefaultLibFileName: (given) => ts.getDefaultLibFilePath(given),
    fileExists: (file) => texts.has(file) || ts.sys.fileExists(file),
    readFile,
    directoryExists: (folder) => folders.has(folder) || ts.sys.directoryExists(folder),
    getDirectories: (folder) => ts.sys.getDirectories(folder),
  };
  return { service: ts.createLanguageService(host, parsed), nameOf: (name) => names.get(name) ?? name };
};

export interface Complaint {
  /** Line number, from 1. */
  readonly line: number;
  /** The complete message. */
  readonly message: string;
}

/** Compiler errors of each source by its name. */
export const diagnose = (sources: ReadonlyMap<string, string>, setup?: Setup): ReadonlyMap<string, readonly Complaint[]> => {
  const { service: language, nameOf } = service(sources, setup);
  return new Map(
    [...sources.keys()].map((name) => [
      name,
      [...language.getSyntacticDiagnostics(nameOf(name)), ...language.getSemanticDiagnostics(nameOf(name))].map(
        ({ file, start = 0, messageText }) => ({
          line: (file?.getLineAndCharacterOfPosition(start).line ?? 0) + 1,
          message: ts.flattenDiagnosticMessageText(messageText, "\n"),
        }),
      ),
    ]),
  );
};

/** The same without line numbers. */
export const compile = (sources: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> =>
  new Map([...diagnose(sources)].map(([name, complaints]) => [name, complaints.map(({ message }) => message)]));

/** The editor's hover texts of constants by name. */
export const hovers = (source: string, constants: readonly string[]): ReadonlyMap<string, string> => {
  const { service: language, nameOf } = service(new Map([["source", source]]));
  return new Map(
    constants.map((constant) => {
      const info = language.getQuickInfoAtPosition(nameOf("source"), source.indexOf(`const ${constant}`) + "const ".length);
      return [constant, ts.displayPartsToString(info?.displayParts)];
    }),
  );
};
