#!/usr/bin/env node
import { CommanderError } from "commander";
import { assertFilesCanBeOpened } from "../internal/open-files";
import { assertNode } from "./assert-node";
import { failureOf } from "./failure";
import { flushed, outputFailure, say } from "./output";
import { program } from "./program";
import { version } from "../internal/version";

const USAGE = 2;

/** Parses the command line, runs the command and returns the exit code. */
const main = async (): Promise<number> => {
  try {
    const exitCode = await Promise.race([run(), outputFailure]);
    await Promise.race([flushed(), outputFailure]);
    return exitCode;
  } catch (error) {
    const { message, exitCode } = failureOf(error);
    if (message !== "") say(message);
    await flushed();
    return exitCode;
  }
};

const run = async (): Promise<number> => {
  try {
    assertNode();
    assertFilesCanBeOpened();
    await program(version()).parseAsync();
    return Number(process.exitCode ?? 0);
  } catch (error) {
    // Commander has already printed what is wrong.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
    throw error;
  }
};

// `print` reports what standard output rejects. A broken standard error is not a reason to fail: the exit code still tells the result.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);

// A settings file may have opened a handle that would keep this process alive.
void main().then((exitCode) => process.exit(exitCode));
