import path from "node:path";
import ts from "typescript";
import { root, type Project } from "../support/package";

/** What the compiler says, by file, of files that are compiled together: they share the libraries' types, which take most of its time. */
export const compileIn = (project: Project, files: Readonly<Record<string, string>>, options: ts.CompilerOptions) => {
  const program = ts.createProgram(
    Object.entries(files).map(([name, source]) => project.write(name, source)),
    {
      target: ts.ScriptTarget.ES2023,
      strict: true,
      skipLibCheck: true,
      types: ["node"],
      typeRoots: [path.join(root, "node_modules/@types")],
      ...options,
    },
  );
  const said: Record<string, string[]> = {};
  for (const { file, messageText } of ts.getPreEmitDiagnostics(program))
    (said[path.basename(file?.fileName ?? "no file")] ??= []).push(ts.flattenDiagnosticMessageText(messageText, " "));
  return { said, instantiations: program.getInstantiationCount() };
};
