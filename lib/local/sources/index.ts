export { debianPackage, type DebianPackage } from "./debian-package";
export { givenPath } from "./given-path";
export { goModule, type GoModule } from "./go-module";
export { type InstallNames } from "./install";
export { npmPackage, type NpmPackage } from "./npm-package";
export { onPath, type OnPath } from "./on-path";
export { type Probe } from "./probe";
export { pypiWheel, type PypiWheel } from "./pypi-wheel";
export { firstOf, type Source, SourceError, type Unavailable } from "./source";
