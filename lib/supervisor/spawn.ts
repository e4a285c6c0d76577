import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync } from "node:fs";
import { codeOf, fault } from "../errors";
import { openLog } from "./log";
import type { Service } from "./service";

/**
 * Starts a service's process: where it works, in a session of its own, with its output in the log.
 * @returns the child, and the size that the log had before
 * @throws EndowError `SERVICE_NOT_STARTED`
 */
export const spawnService = async (service: Service, log: string): Promise<{ child: ChildProcess; logStart: number }> => {
  const [program, ...parameters] = service.command;
  const cwd = service.directory ?? service.folder;
  const { descriptor, size } = openLog(log);
  try {
    const child = spawn(program, parameters, {
      cwd,
      // A copy: Node may write a variable of its own into what it is given, and the service would be another one.
      env: { ...service.environment },
      // Files, never pipes: the process outlives this one.
      stdio: ["ignore", descriptor, descriptor],
      detached: true,
      ...service.user,
    });
    if (child.pid === undefined) throw (await once(child, "error"))[0];
    return { child, logStart: size };
  } catch (error) {
    throw fault(
      "SERVICE_NOT_STARTED",
      `${service.name} could not be started: ${program} in ${cwd} (${codeOf(error) ?? String(error)})`,
      "check that the program is there, can be executed, and was built for this machine",
      service.name,
    );
  } finally {
    closeSync(descriptor);
  }
};
