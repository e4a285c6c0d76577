import { postgresUrl, settings } from "endow";
import { z } from "zod";

/** The settings of both apps: one database, and one price for shipping an order. */
export const shared = settings("shared", {
  databaseUrl: postgresUrl({ version: "17" }), // DATABASE_URL
  shippingCents: z.int().min(0).default(490), // SHIPPING_CENTS
});
