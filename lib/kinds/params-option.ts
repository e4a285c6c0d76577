import { z } from "zod/v4";
import { paramsProblem } from "../connection/format";
import type { Protocol } from "../connection/protocol";

/** Schema of the option `params`: query parameters to add to a provisioned URL. */
export const paramsOption = () =>
  z
    .record(
      z.string().regex(/^[a-z][\w.-]*$/i, "a parameter's name must start with a letter and contain only letters, digits, _ . and -"),
      z.string().min(1),
    )
    .readonly()
    .optional();

/** Reports parameters that would point elsewhere, or whose values no client library recognizes. */
export const checkParams =
  <Options extends { readonly scheme: string; readonly params?: Readonly<Record<string, string>> | undefined }>(
    protocol: Protocol<string | number | undefined>,
    schemeOf: (options: Options) => string,
  ) =>
  (
    options: Options,
    context: { readonly addIssue: (issue: { code: "custom"; path: string[]; message: string; input: unknown }) => void },
  ): void => {
    const problem = paramsProblem(options.params ?? {}, protocol, schemeOf(options));
    if (problem !== undefined) context.addIssue({ code: "custom", path: ["params"], message: problem, input: options.params });
  };
