// @ts-check
import { readFileSync } from "node:fs";

/** The version to install if there is none: the one in go/go.mod. */
export const VERSION = /pulumi\/pkg\/v3 v(\S+)/.exec(readFileSync(new URL("go/go.mod", import.meta.url), "utf8"))?.[1] ?? "";

export const platform = `${process.platform}-${process.arch}`;
