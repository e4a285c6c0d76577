import type { Problem } from "../errors";
import type { PlannedServer } from "../plan";
import { type EnvironmentState, serverIn } from "./state";

/** A planned server and its local name. */
export interface Placed {
  readonly server: PlannedServer;
  readonly localName: string;
}

/** Other users' settings on a server. */
export const usersOf = (state: EnvironmentState, localName: string, isOthers: (id: string) => boolean): readonly string[] =>
  (serverIn(state, localName)?.leases ?? []).flatMap(({ id, disabled }) => (disabled || !isOthers(id) ? [] : [id]));

/** Problems for servers of others whose version would change. */
export const versionProblems = (
  state: EnvironmentState,
  servers: readonly Placed[],
  isOthers: (id: string) => boolean,
): readonly Problem[] =>
  servers.flatMap(({ server: { kind, id, version, settings }, localName }) => {
    const [user, known] = [usersOf(state, localName, isOthers)[0], serverIn(state, localName)?.version];
    if (user === undefined || known === undefined || version === undefined || version === known) return [];
    return [
      {
        code: "SERVER_VERSIONS",
        path: settings[0] ?? id,
        message: `"${user}" in another settings file uses version ${known} of the ${kind} server "${id}", but "${settings[0]}" requests version ${version}`,
        fix: `request the same version, or give one of them its own server: server: "${kind}-${version}"`,
      },
    ];
  });
