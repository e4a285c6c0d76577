import assert from "node:assert/strict";
import { realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { inspect } from "node:util";
import type { Output } from "@pulumi/pulumi";
import { InputPropertiesError } from "@pulumi/pulumi/errors";
import { local } from "../../lib/pulumi/index";
import { mockEngine, type MockEngine, type MockEngineOptions } from "../support/mock-engine";
import { seen } from "../support/outputs";
import type { Recorded } from "../support/mock-resource";

/** The folder of an app; tests write nothing to it. */
export const APP_FOLDER = realpathSync(tmpdir());

/** The local target, for an app whose folder does not matter. */
export const here = () => local({ root: APP_FOLDER });

/** Deploys a program with mocks, to completion. */
export const deployed = async <T>(
  program: () => T,
  options?: MockEngineOptions,
): Promise<{ readonly made: T; readonly engine: MockEngine }> => {
  const engine = await mockEngine(options);
  const made = program();
  await engine.settle();
  return { made, engine };
};

/** The error of a program that is refused before it registers anything. No way of printing it shows a secret. */
export const refused = async (
  program: () => unknown,
  options?: MockEngineOptions,
  secrets: readonly string[] = Object.values(options?.secrets ?? {}),
): Promise<InputPropertiesError> => {
  const engine = await mockEngine(options);
  const error = refusalOf(program);
  await engine.settle();
  assert.deepEqual(engine.resources, []);
  const shown = `${error.stack}\n${JSON.stringify(error)}\n${inspect(error, { depth: null, showHidden: true })}`;
  for (const secret of secrets) assert.ok(!shown.includes(secret), "the error contains a secret");
  return error;
};

/** The error of a program that is refused after it has started. */
export const refusalOf = (program: () => unknown): InputPropertiesError => {
  try {
    program();
  } catch (error) {
    if (InputPropertiesError.isInstance(error)) return error;
    throw error;
  }
  return assert.fail("nothing was refused");
};

/** The problems of a refusal, as `path: reason`. */
export const reasons = ({ errors }: InputPropertiesError): readonly string[] =>
  errors.map(({ propertyPath, reason }) => `${propertyPath}: ${reason}`);

/** `type name` of everything registered, sorted. */
export const names = ({ resources }: MockEngine): readonly string[] => resources.map(({ type, name }) => `${type} ${name}`).toSorted();

/** The resource name in a URN. */
const nameOf = (urn: string): string => urn.split("::").at(-1) ?? "";

/** `type name` of a resource's dependencies, sorted. */
export const awaited = ({ dependsOn }: Recorded): readonly string[] =>
  dependsOn.map((urn) => `${urn.split("::")[2]?.split("$").at(-1)} ${nameOf(urn)}`).toSorted();

export const valueOf = async <T>(output: Output<T>): Promise<T> => (await seen(output)).value;
