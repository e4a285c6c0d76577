import { fault } from "../errors";

/** @throws EndowError `NOT_NODE` in Bun and Deno, where the supervisor cannot manage its processes */
export const assertNode = (versions: NodeJS.ProcessVersions = process.versions): void => {
  const other = ["bun", "deno"].find((name) => versions[name] !== undefined);
  if (other === undefined) return;
  const fix = `install Node 20.19 or newer and run \`npx endow\`; your app can run in ${other}: \`npx endow dev -- ${other} ...\``;
  throw fault("NOT_NODE", `endow's commands run in Node, but this is ${other} ${versions[other]}`, fix, other);
};
