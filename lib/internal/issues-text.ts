import type { z } from "zod/v4";

/** Formats zod issues with their paths: `project.name: Invalid input: expected string, received number`. Never quotes a value. */
export const issuesText = ({ issues }: z.ZodError): string =>
  issues.map(({ path, message }) => [path.join("."), message].filter(Boolean).join(": ")).join("; ");
