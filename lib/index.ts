export { settings, type Config, type Group, type GroupOptions, type CheckResult } from "./settings";
export type { PostgresConnection, RedisConnection } from "./connection/connection";
export type { Tls } from "./connection/tls";
export * from "./kinds";
export { setting, type PlainOptions } from "./kinds/plain";
export type { Builder, Setting, SettingOptions, Traited } from "./setting";
export type { Shape } from "./config";
export type { Definition, NamedVariable } from "./definition";
export { Secret } from "./secret";
export { load, loadSync, type LoadOptions } from "./runtime/load";
export {
  plan,
  type PlanGrant,
  type MissingValue,
  type Plan,
  type PlannedResource,
  type PlannedServer,
  type PlannedVariable,
  type PlanRequest,
  type ValueSource,
  type EntryWriter,
} from "./plan";
export { fake, type FakeValues } from "./runtime/fake";
export type { Environment, EnvironmentType, Profile } from "./environment";
export { EndowError, SettingsError, type Problem } from "./errors";
