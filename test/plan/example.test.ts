import assert from "node:assert/strict";
import { plan } from "../../lib/plan";
import { localFacts } from "../../lib/local/facts";
import type { PlannedVariable } from "../../lib/plan";
import { offeringAll } from "../../lib/plan/facts";
import { shared } from "./shop";

const row = (kind: string, setting: string, name: string, rest: Partial<PlannedVariable>) => ({
  name,
  setting: `shared.${setting}`,
  group: "shared",
  kind,
  secret: false,
  required: false,
  state: "ready",
  ...rest,
});

const servers = [
  { name: "postgres", id: "postgres", formerly: [], kind: "postgres", version: "17", settings: ["shared.databaseUrl"] },
  { name: "redis-shared-redis-url", id: "shared_redis_url", formerly: [], kind: "redis", settings: ["shared.redisUrl"] },
  { name: "bucket", id: "bucket", formerly: [], kind: "bucket", settings: ["shared.uploads"] },
];

/** A target on which a broker creates every credential. */
const cloud = offeringAll("cloud", "vault", () => ({ server: true, findsServer: true, credential: "broker" }));

const resource = (kind: string, server: string, setting: string, name: string, options: object) => ({
  id: `shared.${setting}`,
  formerly: [],
  setting: `shared.${setting}`,
  kind,
  server,
  name,
  options,
  hosting: "own",
});

const resourcesWith = (createDatabases: boolean) => [
  resource("postgres", "postgres", "databaseUrl", "shared_database_url", {
    version: "17",
    scheme: "postgresql",
    extensions: [],
    createDatabases,
  }),
  resource("redis", "redis-shared-redis-url", "redisUrl", "shared_redis_url", { scheme: "redis" }),
  resource("bucket", "bucket", "uploads", "shared_uploads", { versioning: true, cors: [], publicRead: false, key: "own" }),
];

const provisioned = (container: string, credential: "broker" | "deploy") => {
  const byDeploy = { source: "provisioned", entry: container, writer: "deploy" } as const;
  const secret = (setting: string): Partial<PlannedVariable> => ({
    ...byDeploy,
    secret: true,
    ...(credential === "broker" && { entry: `${container}/${setting}`, writer: "broker" }),
  });
  return [
    row("postgres", "databaseUrl", "DATABASE_URL", { required: true, ...secret("databaseUrl") }),
    row("redis", "redisUrl", "REDIS_URL", { required: true, ...secret("redisUrl") }),
    row("bucket", "uploads", "UPLOADS_BUCKET", { required: true, ...byDeploy }),
    row("bucket", "uploads", "UPLOADS_REGION", { required: true, ...byDeploy }),
    row("bucket", "uploads", "UPLOADS_ENDPOINT", byDeploy),
    row("bucket", "uploads", "UPLOADS_ACCESS_KEY_ID", byDeploy),
    row("bucket", "uploads", "UPLOADS_SECRET_ACCESS_KEY", secret("uploads")),
  ];
};

const provisionedNames = [
  "DATABASE_URL",
  "REDIS_URL",
  "UPLOADS_BUCKET",
  "UPLOADS_REGION",
  "UPLOADS_ENDPOINT",
  "UPLOADS_ACCESS_KEY_ID",
  "UPLOADS_SECRET_ACCESS_KEY",
];

describe("the plan of the declaration in the design", () => {
  it("is correct in production, on a target with a broker, and with an OpenAI key supplied under its alias", () => {
    const container = "shop/production/shared";
    const request = {
      project: "shop",
      groups: [shared],
      environment: "production",
      target: cloud,
      supplied: { LLM_PROVIDER: "openai", OPENAI_API_KEY: true },
      consumers: { web: [shared] },
    } as const;
    assert.deepEqual(plan(request), {
      project: "shop",
      environment: { name: "production", type: "production" },
      profile: { size: "standard", highlyAvailable: true, backupDays: 14, protected: true, timeToLiveHours: 0 },
      target: "cloud",
      store: "vault",
      servers,
      resources: resourcesWith(false).map((one) => ({ ...one, credential: "broker", protected: true })),
      variables: [
        ...provisioned(container, "broker"),
        row("plain", "llmProvider", "LLM_PROVIDER", { source: "supplied", entry: container, writer: "deploy" }),
        row("secret", "llmApiKey", "LLM_API_KEY", {
          secret: true,
          required: true,
          source: "supplied",
          from: "OPENAI_API_KEY",
          entry: `${container}/supplied`,
          writer: "people",
        }),
        row("secret", "embeddingApiKey", "EMBEDDING_API_KEY", {
          secret: true,
          required: true,
          source: "supplied",
          from: "OPENAI_API_KEY",
          provider: "shared.llmApiKey",
          entry: `${container}/supplied`,
          writer: "people",
        }),
        row("apiKeys", "apiKeys", "API_KEYS", { secret: true, required: true, source: "supplied", state: "missing" }),
      ],
      grants: [
        {
          consumer: "web",
          groups: ["shared"],
          entries: [`${container}/databaseUrl`, `${container}/redisUrl`, container, `${container}/uploads`, `${container}/supplied`],
          variables: [...provisionedNames, "LLM_PROVIDER", "LLM_API_KEY", "EMBEDDING_API_KEY"],
        },
      ],
      generated: [],
      missing: [
        {
          setting: "shared.apiKeys",
          variables: ["API_KEYS"],
          secret: true,
          message: "API_KEYS must be configured in production",
          entry: `${container}/supplied`,
        },
      ],
      problems: [],
    });
  });

  it("is correct in development, on this machine, where no value must be supplied", () => {
    const container = "shop/dev/shared";
    assert.deepEqual(plan({ project: "shop", groups: [shared], environment: "dev", target: localFacts }), {
      project: "shop",
      environment: { name: "dev", type: "development" },
      profile: { size: "small", highlyAvailable: false, backupDays: 0, protected: false, timeToLiveHours: 0 },
      target: "local",
      store: "local",
      servers,
      resources: resourcesWith(true).map((one) => ({ ...one, credential: "deploy", protected: false })),
      variables: [
        ...provisioned(container, "deploy"),
        row("plain", "llmProvider", "LLM_PROVIDER", { source: "default", value: "local", entry: container, writer: "deploy" }),
        row("secret", "llmApiKey", "LLM_API_KEY", { secret: true, source: "supplied", state: "unset" }),
        row("secret", "embeddingApiKey", "EMBEDDING_API_KEY", { secret: true, source: "supplied", state: "unset" }),
        row("apiKeys", "apiKeys", "API_KEYS", { secret: true, source: "supplied", state: "unset" }),
      ],
      grants: [
        {
          consumer: "app",
          groups: ["shared"],
          entries: [container],
          variables: [...provisionedNames, "LLM_PROVIDER"],
        },
      ],
      generated: [],
      missing: [],
      problems: [],
    });
  });
});
