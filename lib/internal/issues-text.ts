import type { z } from "zod";

/** What zod finds wrong, each with its place: `project.name: Invalid input: expected string, received number`. Quotes no value. */
export const issuesText = ({ issues }: z.ZodError): string =>
  issues.map(({ path, message }) => [path.join("."), message].filter(Boolean).join(": ")).join("; ");
