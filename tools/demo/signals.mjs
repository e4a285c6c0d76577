// @ts-check
const signals = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);

/**
 * Handles signals that would terminate this process. Returns a function that removes the handlers.
 * @param {(signal: NodeJS.Signals) => void} handle @returns {() => void}
 */
export const onSignal = (handle) => {
  for (const signal of signals) process.on(signal, handle);
  return () => {
    for (const signal of signals) process.off(signal, handle);
  };
};
