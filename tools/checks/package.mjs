// @ts-check
import { mkdirSync } from "node:fs";
import path from "node:path";
import { checkApp } from "./app.mjs";
import { check, npm, run, tool } from "./command.mjs";
import { checked, total } from "./summary.mjs";

/** Checks the package that npm would publish. @param {{ folder: string }} run */
export const checkPackage = async ({ folder }) => {
  const destination = path.join(folder, "package");
  mkdirSync(destination);
  const { code, output } = await run([...npm(), "pack", "--json", "--ignore-scripts", "--pack-destination", destination]);
  const file = /"filename": "(.+?)"/.exec(output)?.[1];
  if (code !== 0 || file === undefined) return checked(false, output);
  const tarball = path.join(destination, file);
  return total([
    await check([...tool("publint"), "run", tarball, "--strict"]),
    await check([...tool("@arethetypeswrong/cli"), tarball, "--profile", "node16", "--no-emoji"]),
    await checkApp(tarball, path.join(folder, "app")),
  ]);
};
