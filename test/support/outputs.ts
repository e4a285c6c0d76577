import * as pulumi from "@pulumi/pulumi";
import { unknown } from "@pulumi/pulumi/output";

/** What an output holds, whether that is known, and whether it is secret. Rejects with whatever made it fail. */
export const seen = async <T>(output: pulumi.Output<T>) => {
  const { promise, isKnown } = output as unknown as { promise: () => Promise<T>; isKnown: Promise<boolean> };
  return { value: await promise.call(output), isKnown: await isKnown, isSecret: await pulumi.isSecret(output) };
};

/** An output that a preview does not know. */
export const unknownIn = <T>(): pulumi.Output<T> => pulumi.output(undefined).apply(() => unknown as T);
