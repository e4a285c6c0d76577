import { createRequire } from "node:module";
import path from "node:path";
import { createJiti } from "jiti";
import { closeCompiled, openCompiled } from "./compiled";

/**
 * Loads a module of the app: TypeScript or JavaScript, ES module or CommonJS. Its output goes to standard error.
 * @throws EndowError `NOT_TRUSTED` if another user can change the cached compiled code
 */
export const loadModule = async (file: string): Promise<Readonly<Record<string, unknown>>> => {
  const compiled = await openCompiled();
  const jiti = createJiti(file, {
    alias: missingPackages(file),
    fsCache: compiled ?? false,
    interopDefault: false,
    tsconfigPaths: true,
  });
  try {
    return await quietly(async () => {
      const exported: unknown = await jiti.import(file);
      return typeof exported === "object" && exported !== null ? (exported as Record<string, unknown>) : { default: exported };
    });
  } finally {
    if (compiled !== undefined) closeCompiled(compiled);
  }
};

/** Falls back to our own copies in a project that lacks these packages, such as a Python project that uses npx. */
const missingPackages = (file: string): Record<string, string> => {
  const own = createRequire(file);
  // In zod 3.25, the module `zod` is zod 3.
  const ours = { endow: () => path.join(__dirname, "../index.js"), zod: ownZod, "zod/v4": ownZod };
  return Object.fromEntries(Object.entries(ours).flatMap(([name, place]) => (resolves(own, name) ? [] : [[name, place()]])));
};

// Not `require.resolve`, which a bundler would treat as an import.
const ownZod = () => path.dirname(createRequire(__filename).resolve("zod/v4"));

const resolves = (own: NodeJS.Require, name: string): boolean => {
  try {
    own.resolve(name);
    return true;
  } catch {
    return false;
  }
};

/** Redirects prints to standard error: standard output is for data, as in `endow env > .env`. */
const quietly = async <T>(work: () => Promise<T>): Promise<T> => {
  Object.assign(process.stdout, { write: process.stderr.write.bind(process.stderr) });
  try {
    return await work();
  } finally {
    // Uncovers the method of the stream's class.
    Reflect.deleteProperty(process.stdout, "write");
  }
};
