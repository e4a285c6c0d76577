#!/usr/bin/env node
import { CommanderError } from "commander";
import { codeOf } from "../errors";
import { assertFilesCanBeOpened } from "../internal/open-files";
import { failureOf } from "./failure";
import { say } from "./output";
import { program } from "./program";
import { version } from "../internal/version";

const USAGE = 2;

/** Parses, runs, and answers with the exit code. */
const main = async (): Promise<number> => {
  try {
    assertFilesCanBeOpened();
    await program(version()).parseAsync();
    return Number(process.exitCode ?? 0);
  } catch (error) {
    // Commander has said already what is wrong.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
    const { message, exitCode } = failureOf(error);
    say(message);
    return exitCode;
  }
};

// `endow env | head -1`: whoever read our output has had enough.
process.stdout.on("error", (error) => process.exit(codeOf(error) === "EPIPE" ? 0 : 1));

// A settings file may have opened something that would keep this process alive.
void main().then((exitCode) => process.exit(exitCode));
