import { postgresUrl, redisUrl, secret, settings } from "endow";

/** What the billing service wants to know. */
export const billing = settings("billing", {
  ledger: postgresUrl({ version: "17", env: "LEDGER_URL" }), // LEDGER_URL
  queue: redisUrl({ env: "QUEUE_URL" }), // QUEUE_URL
  taxApiKey: secret(), // TAX_API_KEY, which only a person has
});
