/** A process as the system lists it. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  /** Its process group, by the pid of the process that leads it or did. */
  readonly group: number;
  /** Opaque: differs between two processes that had the same pid since the machine was started. */
  readonly startTime: string;
  /** Ended, and only waiting for its parent to notice. */
  readonly zombie: boolean;
  /** Belongs to somebody's terminal. What a supervisor starts never does. */
  readonly terminal: boolean;
}

/** Held until `release` or until the process that took it ends, however it ends. */
export interface Lock {
  readonly release: () => void;
}

/** What differs between operating systems. Answers are synchronous, so that nothing can happen between a check and a signal. */
export interface Platform {
  /** Changes each time that the machine is started. */
  readonly bootId: () => string;
  /** `undefined` when there is no such process. */
  readonly find: (pid: number) => ProcessEntry | undefined;
  /** Where processes are now; those that may not be looked at are left out. */
  readonly workingDirectories: () => ReadonlyMap<number, string>;
  readonly workingDirectory: (pid: number) => string | undefined;
  /** Whether the directory where a process works is the one that its path names here, and not one of a container's own file systems. */
  readonly worksHere: (pid: number, directory: string) => boolean;
  /** Names the network that this process is in; `undefined` where the machine has but one. */
  readonly network: () => string | undefined;
  /** Milliseconds between two looks at a process that is not our child. */
  readonly pollInterval: number;
  /** `undefined` when another process holds the lock of this folder. */
  readonly takeLock: (folder: string) => Promise<Lock | undefined>;
  readonly lockIsHeld: (folder: string) => boolean;
  /** The process that holds the lock, by what the system says and not by what a file says. */
  readonly lockHolder: (folder: string) => number | undefined;
  /** An address for a socket in a folder whose own path may be longer than a socket's address can be. `descriptor` is the open folder. */
  readonly socketAddress: (folder: string, descriptor: number, name: string) => string;
}
