// mocha swallows unhandled rejections: a test that forgets to await would pass. Here the whole run fails instead.
process.on("unhandledRejection", (reason) => {
  console.error("unhandled rejection in a test:", reason);
  process.exitCode = 1;
  setImmediate(() => {
    throw reason;
  });
});
