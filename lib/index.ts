export { settings, type Config, type Group, type GroupOptions, type CheckResult } from "./settings";
export type { Tls } from "./connection/tls";
export * from "./kinds";
export { setting, type PlainOptions } from "./kinds/plain";
export type { Setting, SettingOptions } from "./setting";
// Not for direct use: declaration files of packages that export settings, or functions that build them, refer to these types.
export type { Builder, Traited } from "./setting";
export type { ConnectionField } from "./connection/variables";
export { Secret } from "./secret";
export { load, loadSync, type LoadOptions } from "./runtime/load";
export type {
  PlanGrant,
  MissingValue,
  Plan,
  PlannedResource,
  PlannedSecret,
  PlannedServer,
  PlannedVariable,
  PlanRequest,
  ValueSource,
  EntryWriter,
} from "./plan";
export { fake, type FakeValues } from "./runtime/fake";
export type { Environment, EnvironmentType, Profile, ProfileChanges } from "./environment";
export { EndowError, SettingsError, type Problem } from "./errors";
