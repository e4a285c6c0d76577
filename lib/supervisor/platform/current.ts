import { fault } from "../../errors";
import { darwin } from "./darwin";
import { linux } from "./linux";
import type { Platform } from "./platform";

const choose = (): Platform => {
  if (process.platform === "linux") return linux;
  if (process.platform === "darwin") return darwin;
  throw fault(
    "PLATFORM_UNSUPPORTED",
    `local servers cannot be kept running on ${process.platform}; Linux and macOS are supported`,
    "on Windows, work inside WSL",
  );
};

/** The platform of this machine. Throws `PLATFORM_UNSUPPORTED` where there is none. */
export const platform = (): Platform => (chosen ??= choose());

let chosen: Platform | undefined;
