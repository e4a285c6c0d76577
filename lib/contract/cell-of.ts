import { ownValue } from "../own-value";
import type { Cell } from "./cell";
import type { Platform } from "./platform";
import type { Target } from "./target";

/** A cell whose types are not known here: they belong to its kind. */
export type AnyCell = Cell<unknown, object, object, Platform>;

/** The cell for a kind; `undefined` where the target does not offer the kind. */
export const cellOf = ({ cells }: Pick<Target<Platform>, "cells">, kind: string): AnyCell | undefined =>
  ownValue(cells as Readonly<Record<string, AnyCell>>, kind);
