/** Node's `crypto`, loaded on first use: it would slow `import "endow"` down by 5 %, and most apps never compare secrets. */
export const crypto = () => process.getBuiltinModule("node:crypto");
