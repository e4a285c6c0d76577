import * as pulumi from "@pulumi/pulumi";
import { unknown } from "@pulumi/pulumi/output";

/** An output's value, and whether it is known and secret. Rejects with the output's error. */
export const seen = async <T>(output: pulumi.Output<T>) => {
  const { promise, isKnown } = output as unknown as { promise: () => Promise<T>; isKnown: Promise<boolean> };
  return { value: await promise.call(output), isKnown: await isKnown, isSecret: await pulumi.isSecret(output) };
};

/** An output that is unknown in a preview. */
export const unknownIn = <T>(): pulumi.Output<T> => pulumi.output(undefined).apply(() => unknown as T);
