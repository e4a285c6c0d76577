/** Seed of a randomized test: printed by the test, and read from `ENDOW_TEST_SEED` to reproduce a run. */
export const testSeed = (): number => Number(process.env["ENDOW_TEST_SEED"] ?? Date.now() % 1_000_000);

/** Marsaglia's xorshift, so that a failed run can be reproduced. */
export const randomFrom = (seed: number): (() => number) => {
  let state = seed || 1;
  return (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
};
