import { ownValue } from "../internal/own-value";
import type { Cell } from "./cell";
import type { Platform } from "./platform";
import type { Target } from "./target";

/** A cell with erased types: callers dispatch by the kind's name. */
export type AnyCell = Cell<unknown, object, object, Platform>;

/** The cell for a kind; `undefined` if the target does not offer the kind. */
export const cellOf = ({ cells }: Pick<Target<Platform>, "cells">, kind: string): AnyCell | undefined =>
  ownValue(cells as Readonly<Record<string, AnyCell>>, kind);
