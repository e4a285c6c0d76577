// Run as another user: `node whole-life.js redis '{"id":...}'`. Prints "done" if every step of the recipe succeeded.
import { recipeOf } from "../../lib/local/recipes";
import { testServer } from "./local-server";

const main = async (name: string, lease: string) => {
  const recipe = recipeOf(name);
  const test = await testServer(name, recipe);
  try {
    await test.start();
    const request = JSON.parse(lease) as { id: string; name: string; options: unknown };
    await recipe.lease(test.server, request);
    await recipe.disable(test.server, request.name);
    await recipe.lease(test.server, request);
    await recipe.drop(test.server, request.name);
  } finally {
    await test.remove();
  }
  console.log(`done as ${process.getuid?.()}`);
};

if (require.main === module) void main(process.argv[2] ?? "", process.argv[3] ?? "");
