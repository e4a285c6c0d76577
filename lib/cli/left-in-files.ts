import { EndowError } from "../errors";
import { listed } from "../internal/listed";
import { madeVariables, readFingerprints } from "../local/fingerprints";
import { readDotenv } from "../workspace/dotenv/dotenv";
import type { AppPlace } from "./session";

/**
 * A warning about lines of the app's .env files that hold values of an environment that is about to be deleted. Afterwards they would count as
 * supplied by the user, and the app would connect to servers that no longer exist.
 *
 * @returns `undefined` if there are none
 */
export const leftInFiles = (place: AppPlace): string | undefined => {
  try {
    return warningOf(place);
  } catch (error) {
    // Whatever is wrong with these files does not keep the servers from being deleted.
    if (error instanceof EndowError) return undefined;
    throw error;
  }
};

const warningOf = ({ app, folder }: AppPlace): string | undefined => {
  const recognize = readFingerprints(folder);
  const dotenv = readDotenv({ ...app, env: {} });
  const lines = madeVariables(folder).flatMap(({ id, variable }) => {
    const found = dotenv.find(variable);
    const isMade = found !== undefined && "text" in found && recognize([id], variable, found.text) !== undefined;
    return isMade ? [`${found.file} line ${found.line} (${variable})`] : [];
  });
  return lines.length === 0
    ? undefined
    : `warning: values of the deleted servers are left in ${listed([...new Set(lines)])}: delete them, or \`endow dev\` takes them for yours`;
};
