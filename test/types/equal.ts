/** Whether two types are one and the same, `any` and `readonly` told apart: a conditional type is equal to another one only so. */
export type Equal<A, B> = (<T>() => T extends A ? T : 2) extends <T>() => T extends B ? T : 2 ? true : false;

/** Does not compile for anything but `true`. */
export type Expect<T extends true> = T;
