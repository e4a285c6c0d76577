import type { Definition } from "../definition";
import type { Problem } from "../errors";
import { declarationProblem } from "./describe";

/** A generated setting always has a value, so options for an absent value do not apply. */
export const generatedProblems = (definition: Definition): readonly Problem[] => {
  const { kind, fallback, requiredIn, requiredWhen, onAbsent } = definition;
  if (!kind.generation) return [];
  const pointless = [
    ...(fallback === undefined ? [] : ["fallback"]),
    ...(requiredIn ? ["requiredIn"] : []),
    ...(requiredWhen ? ["requiredWhen"] : []),
    ...(onAbsent === "refused" ? [] : [onAbsent === "null" ? ".nullable()" : ".optional()"]),
  ];
  if (pointless.length === 0) return [];
  return [
    declarationProblem(definition)(
      `is generated when no value is supplied, so it is never absent and ${pointless.join(" and ")} cannot apply`,
      `remove ${pointless.join(" and ")}, or let the user supply the value: secret() without \`generate\``,
    ),
  ];
};
