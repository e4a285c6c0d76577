export { Project, type ProjectArgs } from "./project";
export { SettingsGroup, type ChildArgs, type EnvironmentArgs, type SettingsGroupArgs } from "./settings-group";
export { app, type App, type AppArgs } from "./app";
export { existing, type Existing } from "./existing";
export { existingServer, type ExistingServer, type ExistingServerArgs } from "./on-server";
export { local } from "./targets/local";
export type { LocalOptions } from "./targets/local/options";
export { unsupported } from "./targets/unsupported";
export type { AppOutputs } from "./workload";
export type { ExistingResources, GroupOutputs, ResourceOutputs } from "./outputs";
export type {
  Cell,
  Cells,
  Consumer,
  Grant,
  Lease,
  LeaseOnRequest,
  LeaseRequest,
  Server,
  ServerRequest,
  Target,
  Workload,
  WorkloadRequest,
} from "./targets/target";
export type { DeployedStore, Entry, Store, StoreRequest } from "../stores/deployer";
