import { Output, type Resource } from "@pulumi/pulumi";
import { unknown } from "@pulumi/pulumi/output";
import * as config from "@pulumi/pulumi/runtime/config";

// Undeclared members of Pulumi's SDK, the same in every supported version (3.248 up to the newest; both are tested).

const internals = config as unknown as { readonly isConfigSecret: (key: string) => boolean };

/** Whether a value of the stack's configuration is encrypted. `Config.getSecret()` cannot tell: it marks everything it returns as secret. */
export const isConfigSecret = (key: string): boolean => internals.isConfigSecret(key);

/** Marker that an `apply()` callback returns for a value that is unknown until the deploy: everything derived from it is unknown too. */
export const notKnown = unknown as unknown as never;

/** A resource's outputs by name, without a declaration for each one. */
export const outputsNamed = (resource: Resource, names: readonly string[]): Readonly<Record<string, Output<unknown>>> => {
  const properties = new Map<string, unknown>(Object.entries(resource));
  return Object.fromEntries(
    names.flatMap((name) => {
      const output = properties.get(name);
      return Output.isInstance(output) ? [[name, output]] : [];
    }),
  );
};

/** Waits for an output's value; `undefined` if it is unknown in a preview. */
export const settled = async <T>(output: Output<T>): Promise<{ readonly value: T } | undefined> => {
  const { promise, isKnown } = output as unknown as { readonly promise: () => Promise<T>; readonly isKnown: Promise<boolean> };
  const [value, known] = await Promise.all([promise.call(output), isKnown]);
  return known ? { value } : undefined;
};
