import assert from "node:assert/strict";
import fc from "fast-check";
import type { z } from "zod";
import { imageOf } from "../../lib/container";
import type { Definition } from "../../lib/definition";
import { codeOf } from "../../lib/errors";
import { fake, loadSync, settings } from "../../lib/index";
import { registryOf } from "../../lib/internal/registry";
import type { FieldsOf, KindTraits, ValueOf } from "../../lib/kind";
import { provisionedKinds, type Provisioned, type ProvisionedKind } from "../../lib/kinds/provisioned";
import { variableName } from "../../lib/names";
import { credential } from "../connection/samples";
import { envOf, sampleOf } from "../support/each-kind";
import { countRefusals } from "../support/leaks";
import { describeRedaction } from "../support/printers";
import { registerSecret } from "../support/secrets";

const HIDDEN = registerSecret("hUnTeR2-QqZzXxWw");

/** Requirements for every kind, derived from its definition: a new kind only adds how its value maps back to its fields. */
export const describeKind = (builder: () => z.ZodType): void => {
  const group = settings("shared", { value: builder() });
  const definition = group.definitions[0] ?? assert.fail("one setting");
  const { kind, variables } = definition;
  const load = (env: Readonly<Record<string, string>>): unknown => loadSync(group, { env }).value;
  const takesAnyText = (): boolean => codeFrom(() => load({ [variables[0]?.name ?? ""]: "any text: @[/" })) === undefined;
  const sample = sampleOf(definition, HIDDEN);
  registerSecret(sample.secret);

  describe(`the kind ${kind.name}, like every kind`, () => {
    it("needs no options, and has unique variable names", () => {
      assert.ok(variables.some(({ required }) => required));
      for (const { name } of variables) assert.match(name, variableName);
      assert.equal(new Set(variables.map(({ name }) => name)).size, variables.length);
    });

    it("has an example that parses, with the required variables", () => {
      assert.notEqual(fake(group).value, undefined);
      const given = Object.keys(kind.example() ?? {});
      // A server that a user supplies may well need what the protocol does not require: a password.
      for (const { field, required } of variables) assert.ok(given.includes(field) === required || (!kind.server && !required), field);
    });

    it("marks the variables that hold a secret", () => {
      const holding = variables.filter(({ name }) => sample.env[name]?.includes(sample.secret));
      assert.ok(holding.length > 0);
      assert.deepEqual(
        holding,
        variables.filter(({ secret }) => secret),
      );
      assert.equal(kind.secret, true);
    });

    it("never quotes part of an invalid value, in any environment", () => {
      const refused = countRefusals(builder());
      assert.ok(refused > 50 || takesAnyText(), `only ${refused} were rejected`);
    });

    const provided = provisionedKinds.find(kind.name);
    if (provided) describeProvisioned(definition, provided, load);
  });

  describeRedaction(`a value of the kind ${kind.name}`, load(sample.env), sample.secret);
};

/** Maps a value back to the fields that it was made from. A missing kind does not compile. */
const fieldsIn = registryOf<(value: unknown) => object, (value: never) => object>("way back to the fields", {
  bucket: ({ name, region, endpoint, credentials, prefix, pathStyle, publicUrl }) => ({
    bucket: name,
    region,
    endpoint,
    accessKeyId: credentials?.accessKeyId,
    secretAccessKey: credentials?.secretAccessKey.reveal(),
    prefix,
    // Without an endpoint they are those of AWS, whether a resource has them or not.
    pathStyle: endpoint === undefined ? undefined : pathStyle,
    publicUrl: endpoint === undefined ? undefined : publicUrl,
  }),
  postgres: ({ host, port, database, username, password, tls }) => ({ host, port, database, username, password: password.reveal(), tls }),
  redis: ({ host, port, database, username, password, tls, prefix }) => ({
    host,
    port,
    database,
    username,
    password: password.reveal(),
    tls,
    prefix,
  }),
} satisfies {
  readonly [N in ProvisionedKind]: (value: ValueOf<Provisioned[N]>) => {
    readonly [F in keyof Required<FieldsOf<Provisioned[N]>>]: FieldsOf<Provisioned[N]>[F];
  };
});

/** Requirements for a kind that a target can provision. */
const describeProvisioned = (
  definition: Definition,
  { name, fields, optionalFields = {}, exampleFields, versions, container }: KindTraits,
  load: (env: Readonly<Record<string, string>>) => unknown,
): void => {
  const isSecret = (field: string): boolean => fields[field] === "secret";
  const isOptional = (field: string): boolean => field in optionalFields;

  it("gives the app the fields of its resource, for any secrets, with and without the optional ones", () => {
    const whole = fc.record(
      Object.fromEntries(
        Object.entries(exampleFields).map(([field, example]: [string, unknown]) => [
          field,
          isSecret(field) ? credential : fc.constant(example),
        ]),
      ),
    );
    fc.assert(
      fc.property(whole, fc.boolean(), (all, withOptional) => {
        const given = Object.fromEntries(Object.entries(all).filter(([field]) => withOptional || !isOptional(field)));
        const found = fieldsIn.get(name)(load(envOf(definition, definition.kind.encode(given))));
        assert.deepEqual(Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined)), given);
      }),
    );
  });

  it("has example values for all its fields, and marks the optional ones", () => {
    assert.deepEqual(Object.keys(exampleFields), Object.keys(fields));
    assert.deepEqual(definition.kind.missingFields(exampleFields), []);
    assert.deepEqual(
      definition.kind.missingFields({}),
      Object.keys(fields).filter((field) => !isOptional(field)),
    );
  });

  it("has a pinned image for each version of its server, and for a setting without a version", () => {
    const asked = [...(versions?.servers ?? []), definition.kind.server?.version, undefined];
    for (const version of asked)
      assert.match(imageOf(container, version) ?? "", /^[a-z0-9.]+\/[a-z]+\/[a-z]+:v?\d+\.\d+(\.\d+)?(-[a-z]+)?$/, version);
    if (versions) assert.deepEqual(Object.keys(container.images), versions.servers);
    assert.equal(imageOf(container, "0.1"), undefined);
  });

  it("lists client libraries with existing versions of its server", () => {
    for (const [client, taken] of Object.entries(versions?.clients ?? {})) {
      assert.ok(taken.length > 0, client);
      assert.deepEqual(
        taken.filter((version) => !versions?.servers.includes(version)),
        [],
      );
    }
  });

  it("runs in a container as a non-root user, and is probed as its administrator without a secret in the arguments", () => {
    const { user, environment, administrator, probe, command = [], volume } = container;
    assert.ok(Number.isInteger(user) && user > 0);
    assert.match(volume, /^\/[a-z]/);
    assert.deepEqual(
      Object.values(administrator).filter((variable) => variable in environment || !variableName.test(variable)),
      [],
    );
    for (const variable of Object.values(administrator)) assert.ok(probe.join(" ").includes(`$${variable}`), variable);
    // An expansion in a variable assignment before the command is not an argument.
    const parameters = [...probe, ...command].join(" ").replaceAll(/\w+="\$\w+"/g, "");
    assert.ok(!/exec [^\n]*/.exec(parameters)?.[0].includes(`$${administrator.password}`));
  });
};

const codeFrom = (work: () => unknown): string | undefined => {
  try {
    work();
    return undefined;
  } catch (error) {
    return codeOf(error);
  }
};
