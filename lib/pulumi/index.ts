export { Project, type ProjectArgs } from "./project";
export { SettingsGroup, type EnvironmentArgs, type MadeOptions, type SettingsGroupArgs, type StackSummary } from "./settings-group";
export { app, type App, type AppArgs } from "./app";
export { existing, type Existing } from "./existing";
export { onServer, type OnServer } from "./on-server";
export { local } from "./targets/local";
export type { LocalOptions } from "./targets/local/options";
export type { LocalPlatform, LocalServerReference } from "./targets/local/platform";
export { unsupported } from "./targets/unsupported";
export type { AppOutputs } from "./workload";
export type { ExistingResources, GroupOutputs, ResourceOutputs } from "./outputs";
// The contract for custom targets and stores.
export type { Access, Platform } from "../contract/platform";
export type { BrokerEntry, Cell, Lease, LeaseRequest, ServerRequest } from "../contract/cell";
export type { GeneratedSecret, GenerateRequest, GenerateSecret } from "../contract/generate";
export type { Make, MadeResource, MakeOptions, ResourceClass, Transform } from "../contract/make";
export type { Delivered, Entry, EntryRef, OpenRequest, OpenStore, Store, WrittenStore } from "../contract/store";
export type {
  AnyTarget,
  PlatformOf,
  Cells,
  Delivery,
  GrantRequest,
  PreflightOptions,
  ReferenceFault,
  Target,
  Workload,
  WorkloadRequest,
} from "../contract/target";
export type { KindFacts, TargetFacts } from "../plan/facts";
