import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";

/** What happens to the files of an environment's state between two runs. */
export type Damage = "gone" | "cut off" | "null" | "older" | "a note null" | "an older note";

export const damage: fc.Arbitrary<Damage | undefined> = fc.option(
  fc.constantFrom<Damage>("gone", "cut off", "null", "older", "a note null", "an older note"),
  { nil: undefined, freq: 2 },
);

/** The environment's own file, where there is one. */
export const mainStateFile = (folder: string): string => path.join(folder, "environment.json");

/** @param older a former text of the environment's own file */
export const damageState = (folder: string, what: Damage | undefined, older: string | undefined): void => {
  const main = mainStateFile(folder);
  const note = notesIn(path.join(folder, "servers"))[0];
  if (!existsSync(main)) return;
  if (what === "gone") rmSync(main);
  if (what === "cut off") writeFileSync(main, readFileSync(main, "utf8").slice(0, 40));
  if (what === "null") writeFileSync(main, "null");
  if (what === "older" && older !== undefined) writeFileSync(main, older);
  if (what === "a note null" && note !== undefined) writeFileSync(note, "null");
  if (what === "an older note" && note !== undefined) {
    const content = JSON.parse(readFileSync(note, "utf8")) as { readonly entry: object };
    writeFileSync(note, JSON.stringify({ ...content, revision: 0, entry: { ...content.entry, name: "older", leases: [] } }));
  }
};

const notesIn = (servers: string): readonly string[] =>
  existsSync(servers)
    ? readdirSync(servers)
        .map((name) => path.join(servers, name, "server.json"))
        .filter((file) => existsSync(file))
    : [];
