import { postgresUrl, redisUrl, secret, settings } from "endow";

/** The settings of the billing service. */
export const billing = settings("billing", {
  ledger: postgresUrl({ version: "17", env: "LEDGER_URL" }), // LEDGER_URL
  queue: redisUrl({ env: "QUEUE_URL" }), // QUEUE_URL
  taxApiKey: secret(), // TAX_API_KEY, which you supply
});
