/** Whether two types are identical, including `any` and `readonly`: the compiler considers two conditional types equal only then. */
export type Equal<A, B> = (<T>() => T extends A ? T : 2) extends <T>() => T extends B ? T : 2 ? true : false;

/** Compiles only for `true`. */
export type Expect<T extends true> = T;
