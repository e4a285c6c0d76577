import type { Output } from "@pulumi/pulumi";
import { unknown } from "@pulumi/pulumi/output";
import * as config from "@pulumi/pulumi/runtime/config";
import type { VariableTexts } from "../kind";

// What Pulumi's SDK does not declare. Tried with 3.248 to 3.270.

/** What `apply()` returns for texts that are not known before the deploy. */
export const textsNotKnown = unknown as unknown as VariableTexts;

/** Whether a value of the stack's configuration is encrypted: `getSecret()` takes whatever it gives for secret. */
export const isConfigSecret: (key: string) => boolean = (config as unknown as { readonly isConfigSecret: (key: string) => boolean })
  .isConfigSecret;

/** An output's value; `undefined` where a preview does not know it. */
export const settled = async <T>(output: Output<T>): Promise<{ readonly value: T } | undefined> => {
  const { promise, isKnown } = output as unknown as { readonly promise: () => Promise<T>; readonly isKnown: Promise<boolean> };
  const value = await promise();
  return (await isKnown) ? { value } : undefined;
};
