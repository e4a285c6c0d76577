import { postgresUrl, settings } from "endow";
import { z } from "zod";

/** What both apps need: one database, and one answer to what an order costs to ship. */
export const shared = settings("shared", {
  databaseUrl: postgresUrl({ version: "17" }), // DATABASE_URL
  shippingCents: z.int().min(0).default(490), // SHIPPING_CENTS
});
