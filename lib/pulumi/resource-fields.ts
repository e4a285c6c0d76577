import * as pulumi from "@pulumi/pulumi";
import type { Definition } from "../definition";
import { EndowError, fault } from "../errors";
import type { BoundKind } from "../bound-kind";
import type { VariableTexts } from "../kind";
import { textsNotKnown } from "./sdk-internals";

/** The fields of a setting's resource. */
export type Fields = Readonly<Record<string, pulumi.Output<unknown>>>;

/** Secret ones are secret whatever gave them; one that is not there is `undefined`. */
export const fieldsOf = ({ fields }: BoundKind, given: object): Fields =>
  Object.fromEntries(
    Object.entries(fields).map(([name, visibility]) => {
      const value = (given as Readonly<Record<string, unknown>>)[name];
      return [name, visibility === "secret" ? pulumi.secret(value) : pulumi.output(value)];
    }),
  );

/**
 * The text of each variable, by suffix.
 *
 * @param isExisting whether somebody else has made the resource
 */
export const textsOf = ({ id, kind }: Definition, fields: Fields, isExisting: boolean): pulumi.Output<VariableTexts> =>
  pulumi.all(fields).apply((values) => {
    const missing = kind.missingFields(values);
    // A provider gives all fields. Mocks that only repeat their inputs do not, and what is made of those is not known then.
    if (missing.length > 0 && !isExisting) return textsNotKnown;
    try {
      if (missing.length > 0)
        throw fault("EXISTING_FIELD", `${missing.join(", ")} came out as undefined`, "give an output that has a value");
      return kind.encode(values);
    } catch (error) {
      if (error instanceof EndowError) throw new pulumi.RunError(`the resource of "${id}" cannot be used: ${error.message}`);
      throw error;
    }
  });
