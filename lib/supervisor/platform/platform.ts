/** A process as the system lists it. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  /** Its process group: the pid of the group leader, which may have exited. */
  readonly group: number;
  /** Opaque: differs between two processes with the same pid since boot. */
  readonly startTime: string;
  /** Has exited and waits to be reaped by its parent. */
  readonly zombie: boolean;
  /** Has a controlling terminal. Processes started by a supervisor never do. */
  readonly terminal: boolean;
}

/** Held until `release` is called or the process that took it exits. */
export interface Lock {
  readonly release: () => void;
}

/** The operating system's primitives. Calls are synchronous, so nothing can happen between a check and a signal. */
export interface OperatingSystem {
  /** Changes on each boot. */
  readonly bootId: () => string;
  /** `undefined` if there is no such process. */
  readonly find: (pid: number) => ProcessEntry | undefined;
  /** Working directories of all processes by pid; leaves out processes that this user may not inspect. */
  readonly workingDirectories: () => ReadonlyMap<number, string>;
  readonly workingDirectory: (pid: number) => string | undefined;
  /** Whether a process's working directory is the one at this path here, and not in a container's own file system. */
  readonly worksHere: (pid: number, directory: string) => boolean;
  /** Identifies the network namespace of this process; `undefined` if the platform has only one. */
  readonly network: () => string | undefined;
  /** Milliseconds between two checks of a process that is not our child. */
  readonly pollInterval: number;
  /** `undefined` when another process holds the lock of this folder. */
  readonly takeLock: (folder: string) => Promise<Lock | undefined>;
  readonly lockIsHeld: (folder: string) => boolean;
  /** The process that holds the lock, as reported by the operating system rather than by a file. */
  readonly lockHolder: (folder: string) => number | undefined;
  /** The address of a socket in a folder whose path may exceed the limit for socket addresses. `descriptor` is the open folder. */
  readonly socketAddress: (folder: string, descriptor: number, name: string) => string;
}
