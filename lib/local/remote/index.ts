import type { FieldsOf, OptionsOf } from "../../kind";
import type { Provisioned, RoleKind } from "../../kinds";
import { postgres } from "./postgres";
import type { Remote } from "./remote";

type Remotes = { readonly [K in RoleKind]: Remote<OptionsOf<Provisioned[K]>, FieldsOf<Provisioned[K]>> };

/** One per kind whose logins are made by statements; a kind left out does not compile. */
const remotes = { postgres } satisfies Remotes;

/** What makes logins of a kind. Its options and fields belong to the kind, which the caller has at hand as data. */
export const remoteOf = (kind: string): Remote<unknown, unknown> => remotes[kind as RoleKind] as unknown as Remote<unknown, unknown>;
