import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync } from "node:fs";
import { codeOf, fault } from "../errors";
import { openLog } from "./log";
import type { Service } from "./service";

/**
 * Starts a service's process in its working directory and in a new session, with its output appended to the log.
 * @returns the child, and the size of the log before the start
 * @throws EndowError `SERVICE_NOT_STARTED`
 */
export const spawnService = async (service: Service, log: string): Promise<{ child: ChildProcess; logStart: number }> => {
  const [program, ...parameters] = service.command;
  const cwd = service.directory ?? service.folder;
  const { descriptor, size } = openLog(log);
  try {
    const child = spawn(program, parameters, {
      cwd,
      // A copy: Node may add a variable to the object, which would change the service's hash.
      env: { ...service.environment },
      // Files instead of pipes: the process outlives this one.
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
      "check that the program exists, is executable, and was built for this machine",
      service.name,
    );
  } finally {
    closeSync(descriptor);
  }
};
