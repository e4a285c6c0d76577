import { Output, type Resource } from "@pulumi/pulumi";
import { unknown } from "@pulumi/pulumi/output";
import * as config from "@pulumi/pulumi/runtime/config";

// What Pulumi's SDK has and does not declare: the same in every version that the package takes (3.248 up to the newest, both tested).

const internals = config as unknown as { readonly isConfigSecret: (key: string) => boolean };

/** Whether a value of the stack's configuration is encrypted. `Config.getSecret()` takes whatever it gives for secret. */
export const isConfigSecret = (key: string): boolean => internals.isConfigSecret(key);

/** What `apply()` returns for a value that is not known before the deploy: whatever is made of it waits. */
export const notKnown = unknown as unknown as never;

/** A resource's outputs by their names, which a class declares one by one. */
export const outputsNamed = (resource: Resource, names: readonly string[]): Readonly<Record<string, Output<unknown>>> => {
  const properties = new Map<string, unknown>(Object.entries(resource));
  return Object.fromEntries(
    names.flatMap((name) => {
      const output = properties.get(name);
      return Output.isInstance(output) ? [[name, output]] : [];
    }),
  );
};

/** An output's value; `undefined` where a preview does not know it. */
export const settled = async <T>(output: Output<T>): Promise<{ readonly value: T } | undefined> => {
  const { promise, isKnown } = output as unknown as { readonly promise: () => Promise<T>; readonly isKnown: Promise<boolean> };
  const [value, known] = await Promise.all([promise.call(output), isKnown]);
  return known ? { value } : undefined;
};
