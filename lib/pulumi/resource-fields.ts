import * as pulumi from "@pulumi/pulumi";
import type { Definition } from "../definition";
import { EndowError, fault } from "../errors";
import type { BoundKind } from "../bound-kind";
import { textsOfResource, type Texts } from "../values/written";
import { notKnown } from "./sdk-internals";

/** The fields of a setting's resource, without secret ones that the deploy does not know. */
export type Fields = Readonly<Record<string, pulumi.Output<unknown>>>;

/** Wraps a resource's fields as outputs, the secret ones as secrets; an absent optional field is an output of `undefined`. */
export const fieldsOf = ({ fields }: BoundKind, given: object, isKnown: (visibility: "public" | "secret") => boolean): Fields => {
  const values = new Map<string, unknown>(Object.entries(given));
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, visibility]) => {
      if (!isKnown(visibility)) return [];
      const value = values.get(name);
      return [[name, visibility === "secret" ? pulumi.secret(value) : pulumi.output(value)]];
    }),
  );
};

/**
 * Encodes the text of each variable of a setting.
 *
 * @param isExisting whether the program passed an existing resource
 */
export const textsOf = (definition: Definition, fields: Fields, isExisting: boolean): pulumi.Output<Texts> =>
  pulumi.all(fields).apply((values) => {
    const { id, kind } = definition;
    const missing = kind.missingFields(values).filter((name) => name in fields);
    // A provider returns all fields. Mocks that only echo their inputs do not: the texts are then unknown.
    if (missing.length > 0 && !isExisting) return notKnown;
    try {
      if (missing.length > 0)
        throw fault("EXISTING_FIELD", `${missing.join(", ")} resolved to undefined`, "pass an output that has a value");
      return textsOfResource(definition, values);
    } catch (error) {
      if (error instanceof EndowError) throw new pulumi.RunError(`the resource of "${id}" cannot be used: ${error.message}`);
      throw error;
    }
  });
