import { z } from "zod/v4";
import { once } from "../internal/once";

const METHODS = ["GET", "HEAD", "PUT", "POST", "DELETE"] as const;

/** Websites that may use a bucket from a browser, and how. CORS grants no access: a request also needs a key, a presigned URL or `publicRead`. */
export interface CorsOptions {
  /** Origins: `https://shop.example`, `https://*.shop.example`, or `*` for all. */
  readonly allowedOrigins: readonly string[];
  /**
   * Methods that they may send.
   * @default ["GET", "HEAD", "PUT", "POST", "DELETE"]
   */
  readonly allowedMethods?: readonly (typeof METHODS)[number][] | undefined;
  /**
   * Headers that they may send.
   * @default ["*"]
   */
  readonly allowedHeaders?: readonly string[] | undefined;
  /**
   * Response headers that they may read.
   * @default ["ETag"]
   */
  readonly exposeHeaders?: readonly string[] | undefined;
  /**
   * Seconds for which a browser may cache a preflight response.
   * @default 3600
   */
  readonly maxAgeSeconds?: number | undefined;
}

/** A rule with defaults applied. */
export type CorsRule = { readonly [K in keyof CorsOptions]-?: Exclude<CorsOptions[K], undefined> };

/** Schema of the option; documented in `CorsOptions`. */
export const corsOption = once(() => {
  const origin = z
    .string()
    .regex(
      /^(\*|https?:\/\/[a-z0-9.-]*\*?[a-z0-9.-]*(:\d{1,5})?)$/i,
      'must be an origin such as "https://shop.example", without a path, or "*"',
    );
  const header = z.string().regex(/^[\w.*-]+$/, "must be a header name");
  const exposed = z.string().regex(/^[\w.-]+$/, "must be a header name");
  const rule = z
    .strictObject({
      allowedOrigins: z.array(origin).min(1).readonly(),
      allowedMethods: z.array(z.enum(METHODS)).min(1).readonly().default(METHODS),
      allowedHeaders: z.array(header).readonly().default(["*"]),
      exposeHeaders: z.array(exposed).readonly().default(["ETag"]),
      maxAgeSeconds: z.int().min(0).max(86_400).default(3600),
    })
    .readonly();
  return z.array(rule).readonly().default([]);
});
