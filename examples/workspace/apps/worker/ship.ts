import { shared } from "@orders/settings";
import { load } from "endow";
import pg from "pg";

/** Ships the orders that the web app has taken, and exits. */
const config = await load(shared);
const client = new pg.Client({ connectionString: config.databaseUrl.reveal() });
await client.connect();
const { rowCount } = await client.query("update orders set shipped_for = $1 where shipped_for is null", [config.shippingCents]);
console.log(`shipped ${rowCount} for ${config.shippingCents} cents each`);
await client.end();
