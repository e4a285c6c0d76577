import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";

/** Properties of a resource, as plain JSON. */
export type Properties = Readonly<Record<string, unknown>>;

/** Properties from the engine, without its markers. */
export interface Received {
  readonly properties: Properties;
  /** Names of the properties that contain a secret at any depth. */
  readonly secrets: ReadonlySet<string>;
}

/** Placeholder for a value that is unknown until the deploy. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** The engine's placeholders, one per type: string, boolean, number, list, asset, archive and object. */
const unknowns: ReadonlySet<unknown> = new Set([
  UNKNOWN,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** Removes the secret markers. Leaves unknown values unchanged: `holdsUnknown` detects them. */
export const receive = (struct: Struct | undefined): Received => {
  const marked = Object.entries(struct?.toJavaScript() ?? {});
  const properties = Object.fromEntries(marked.map(([name, value]) => [name, revealed(value)]));
  return { properties, secrets: new Set(marked.filter(([, value]) => some(value, isMarked)).map(([name]) => name)) };
};

/** Marks the named properties as secrets, each as a whole. Omits properties without a value. */
export const send = ({ properties, secrets }: Received): Struct => {
  const present = Object.entries(properties).filter(([, value]) => value !== undefined);
  const marked = present.map(([name, value]) => [name, secrets.has(name) ? { [SIGNATURE]: SECRET, value: plain(value) } : plain(value)]);
  return Struct.fromJavaScript(Object.fromEntries(marked));
};

/** Whether a value is, or contains, one that is unknown until the deploy. */
export const holdsUnknown = (value: unknown): boolean => some(value, (part) => unknowns.has(part));

type Marked = Readonly<{ [SIGNATURE]: typeof SECRET; value?: unknown }>;

const isMarked = (value: unknown): value is Marked =>
  typeof value === "object" && value !== null && (value as Partial<Marked>)[SIGNATURE] === SECRET;

const some = (value: unknown, test: (part: unknown) => boolean): boolean =>
  test(value) || (typeof value === "object" && value !== null && Object.values(value).some((part) => some(part, test)));

const revealed = (value: unknown): unknown => {
  if (isMarked(value)) return revealed(value.value);
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, revealed(part)]));
};

/** Converts to plain JSON, because the engine rejects `undefined`. */
const plain = (value: unknown): JavaScriptValue => JSON.parse(JSON.stringify(value)) as JavaScriptValue;
