import path from "node:path";
import ts from "typescript";

const root = path.resolve(__dirname, "../../..");

/** The libraries' types, which every service needs. */
const parsed = ts.createDocumentRegistry();

/** As a user of the package compiles: strict, as an ES module. Sources are taken as files of test/types. */
const service = (
  sources: ReadonlyMap<string, string>,
): { readonly service: ts.LanguageService; readonly nameOf: (name: string) => string } => {
  const names = new Map([...sources.keys()].map((name, index) => [name, path.join(root, "test/types", `source-${index}.mts`)]));
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
  };
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
    directoryExists: (folder) => ts.sys.directoryExists(folder),
    getDirectories: (folder) => ts.sys.getDirectories(folder),
  };
  return { service: ts.createLanguageService(host, parsed), nameOf: (name) => names.get(name) ?? name };
};

/** What the compiler says against each source, by its name: all lines of a message in one text. */
export const compile = (sources: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> => {
  const { service: language, nameOf } = service(sources);
  return new Map(
    [...sources.keys()].map((name) => [
      name,
      [...language.getSyntacticDiagnostics(nameOf(name)), ...language.getSemanticDiagnostics(nameOf(name))].map(({ messageText }) =>
        ts.flattenDiagnosticMessageText(messageText, "\n"),
      ),
    ]),
  );
};

/** What an editor shows for the declarations of constants, by their names. */
export const hovers = (source: string, constants: readonly string[]): ReadonlyMap<string, string> => {
  const { service: language, nameOf } = service(new Map([["source", source]]));
  return new Map(
    constants.map((constant) => {
      const info = language.getQuickInfoAtPosition(nameOf("source"), source.indexOf(`const ${constant}`) + "const ".length);
      return [constant, ts.displayPartsToString(info?.displayParts)];
    }),
  );
};
