/** Node's `crypto`, loaded on use: it would add a twentieth to what `import "endow"` takes, and most apps compare no secrets. */
export const crypto = () => process.getBuiltinModule("node:crypto");
