import { registryOf } from "../../internal/registry";
import type { FieldsOf, OptionsOf } from "../../kind";
import type { Provisioned, RoleKind } from "../../kinds/provisioned";
import { postgres } from "./postgres";
import type { Remote } from "./remote";

type Remotes = { readonly [K in RoleKind]: Remote<OptionsOf<Provisioned[K]>, FieldsOf<Provisioned[K]>> };

/** One per kind whose logins are created by statements; a missing kind does not compile. */
const remotes = { postgres } satisfies Remotes;

/** Returns the implementation that creates a kind's logins on an existing server. */
export const { get: remoteOf } = registryOf<Remote<unknown, object>, Remote<never, object>>(
  "way to make logins on an existing server",
  remotes,
);
