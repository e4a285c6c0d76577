import type { Definition } from "../definition";
import { acceptedVariables } from "../definition";
import type { Session } from "./session";

/** Notes on the settings that get no server because a dotenv file has their value. */
export const suppliedNotes = ({ groups, supplied }: Pick<Session, "groups" | "supplied">, verb: "is" | "was"): readonly string[] => {
  const placesOf = (definition: Definition) =>
    acceptedVariables(definition)
      .flatMap(({ name }) => [name, `${name}_FILE`])
      .filter((name) => supplied.inFiles.has(name))
      .map((name) => ({ name, origin: supplied.origins[name] ?? "" }));
  const notes = groups
    .flatMap(({ definitions }) => definitions)
    .filter(({ kind }) => kind.server !== undefined)
    .map(placesOf)
    .filter((places) => places.length > 0)
    .map((places) => noteOf(places, verb));
  return [...new Set(notes)];
};

const noteOf = (places: ReadonlyArray<{ readonly name: string; readonly origin: string }>, verb: string): string => {
  const several = places.length > 1;
  const sentences = places.map(({ name, origin }, index) => `${name} ${index === 0 ? "comes from " : "from "}${origin}`);
  return `${sentences.join(", ")}, so no server ${verb} started; delete the ${several ? "lines" : "line"} to get one`;
};
