/** Of a test whose moments are random: printed by it, and taken from `ENDOW_TEST_SEED` to have a run again. */
export const testSeed = (): number => Number(process.env["ENDOW_TEST_SEED"] ?? Date.now() % 1_000_000);

/** Marsaglia's xorshift, so that a run that failed can be had again. */
export const randomFrom = (seed: number): (() => number) => {
  let state = seed || 1;
  return (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
};
