import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { exec } from "tinyexec";
import { cachedFolder } from "./cached";

/**
 * A folder with these npm packages (`{ next: "npm:@next/env@16.4.6" }`, by the name under which they are required), installed in the
 * user's cache on first use. Prints the reason and returns `undefined` if the registry is unreachable.
 */
export const npmPackages = async (packages: Readonly<Record<string, string>>): Promise<string | undefined> => {
  try {
    return await folderWith(packages);
  } catch (error) {
    console.log(`SKIP: npm packages ${Object.values(packages).join(", ")}: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
};

const folderWith = async (packages: Readonly<Record<string, string>>): Promise<string> => {
  const key = createHash("sha256").update(JSON.stringify(packages)).digest("hex").slice(0, 16);
  return cachedFolder(`npm-${key}`, async (fresh) => {
    await writeFile(path.join(fresh, "package.json"), JSON.stringify({ private: true, dependencies: packages }));
    const parameters = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"];
    const { stderr, exitCode } = await exec("npm", parameters, {
      timeout: 300_000,
      nodeOptions: { cwd: fresh, stdio: ["ignore", "pipe", "pipe"] },
    });
    if (exitCode !== 0) throw new Error(stderr.trim().split("\n").at(-1) ?? "npm failed");
  });
};
