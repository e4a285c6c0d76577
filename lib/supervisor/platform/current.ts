import { fault } from "../../errors";
import { darwin } from "./darwin";
import { linux } from "./linux";
import type { OperatingSystem } from "./platform";

const choose = (): OperatingSystem => {
  if (process.platform === "linux") return linux;
  if (process.platform === "darwin") return darwin;
  throw fault(
    "PLATFORM_UNSUPPORTED",
    `local servers are not supported on ${process.platform}, only on Linux and macOS`,
    "on Windows, use WSL",
  );
};

/** The platform of this machine. Throws `PLATFORM_UNSUPPORTED` if it is not supported. */
export const platform = (): OperatingSystem => (chosen ??= choose());

let chosen: OperatingSystem | undefined;
