import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** A folder for one test. */
export const temporary = () => {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "endow-app-")));
  return {
    folder,
    write: (file: string, text = "") => {
      const place = path.join(folder, file);
      mkdirSync(path.dirname(place), { recursive: true });
      writeFileSync(place, text);
      return place;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};
