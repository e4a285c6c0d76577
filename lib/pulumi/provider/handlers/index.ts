import type { Handler } from "../handler";
import { lease } from "./lease";
import { process } from "./process";
import { remoteLease } from "./remote-lease";
import { server } from "./server";
import { values } from "./values";

export type TypeName = "Server" | "Lease" | "RemoteLease" | "Values" | "Process";

/** What the provider does, by type of resource. What each takes and gives is its own: the caller has it at hand as data. */
export const handlers = { Server: server, Lease: lease, RemoteLease: remoteLease, Values: values, Process: process } as unknown as Readonly<
  Record<TypeName, Handler>
>;
