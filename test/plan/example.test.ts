import assert from "node:assert/strict";
import { plan } from "../../lib/index";
import type { PlannedVariable } from "../../lib/plan";
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

const resource = (kind: string, server: string, setting: string, name: string, options: object, isProtected: boolean) => ({
  id: `shared.${setting}`,
  formerly: [],
  setting: `shared.${setting}`,
  kind,
  server,
  name,
  options,
  existing: false,
  onExistingServer: false,
  protected: isProtected,
});

const resources = (isProtected: boolean) => [
  resource(
    "postgres",
    "postgres",
    "databaseUrl",
    "shared_database_url",
    { version: "17", scheme: "postgresql", extensions: [] },
    isProtected,
  ),
  resource("redis", "redis-shared-redis-url", "redisUrl", "shared_redis_url", { scheme: "redis" }, isProtected),
  resource("bucket", "bucket", "uploads", "shared_uploads", { versioning: true }, isProtected),
];

const provisioned = (container: string) => {
  const byDeploy = { source: "provisioned", entry: container, writer: "deploy" } as const;
  const byRunner = (name: string) => ({ secret: true, source: "provisioned", entry: `${container}/${name}`, writer: "runner" }) as const;
  return [
    row("postgres", "databaseUrl", "DATABASE_URL", { required: true, ...byRunner("DATABASE_URL") }),
    row("redis", "redisUrl", "REDIS_URL", { required: true, ...byRunner("REDIS_URL") }),
    row("bucket", "uploads", "UPLOADS_BUCKET", { required: true, ...byDeploy }),
    row("bucket", "uploads", "UPLOADS_REGION", { required: true, ...byDeploy }),
    row("bucket", "uploads", "UPLOADS_ENDPOINT", byDeploy),
    row("bucket", "uploads", "UPLOADS_ACCESS_KEY_ID", byDeploy),
    row("bucket", "uploads", "UPLOADS_SECRET_ACCESS_KEY", byRunner("UPLOADS_SECRET_ACCESS_KEY")),
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
  it("is this in production, with an OpenAI key supplied under its alias", () => {
    const container = "shop/production/shared";
    const supplied = { LLM_PROVIDER: "openai", OPENAI_API_KEY: true } as const;
    assert.deepEqual(plan({ project: "shop", groups: [shared], environment: "production", supplied, consumers: { web: [shared] } }), {
      project: "shop",
      environment: { name: "production", type: "production" },
      profile: { size: "standard", highlyAvailable: true, backupDays: 14, protected: true },
      target: "aws",
      servers,
      resources: resources(true),
      variables: [
        ...provisioned(container),
        row("plain", "llmProvider", "LLM_PROVIDER", { source: "supplied", entry: container, writer: "deploy" }),
        row("secret", "llmApiKey", "LLM_API_KEY", {
          secret: true,
          required: true,
          source: "supplied",
          from: "OPENAI_API_KEY",
          entry: `${container}/supplied`,
          writer: "people",
        }),
        row("secret", "embeddingApiKey", "EMBEDDING_API_KEY", { secret: true, required: true, source: "supplied", from: "OPENAI_API_KEY" }),
        row("apiKeys", "apiKeys", "API_KEYS", { secret: true, required: true, source: "supplied", state: "missing" }),
      ],
      grants: [
        {
          consumer: "web",
          groups: ["shared"],
          entries: [
            `${container}/DATABASE_URL`,
            `${container}/REDIS_URL`,
            container,
            `${container}/UPLOADS_SECRET_ACCESS_KEY`,
            `${container}/supplied`,
          ],
          variables: [...provisionedNames, "LLM_PROVIDER", "LLM_API_KEY", "EMBEDDING_API_KEY"],
        },
      ],
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

  it("is this in development, where nobody has to supply anything", () => {
    const container = "shop/dev/shared";
    assert.deepEqual(plan({ project: "shop", groups: [shared], environment: "dev" }), {
      project: "shop",
      environment: { name: "dev", type: "development" },
      profile: { size: "small", highlyAvailable: false, backupDays: 0, protected: false },
      target: "local",
      servers,
      resources: resources(false),
      variables: [
        ...provisioned(container),
        row("plain", "llmProvider", "LLM_PROVIDER", { source: "default" }),
        row("secret", "llmApiKey", "LLM_API_KEY", { secret: true, source: "supplied", state: "unset" }),
        row("secret", "embeddingApiKey", "EMBEDDING_API_KEY", { secret: true, source: "supplied", state: "unset" }),
        row("apiKeys", "apiKeys", "API_KEYS", { secret: true, source: "supplied", state: "unset" }),
      ],
      grants: [
        {
          consumer: "app",
          groups: ["shared"],
          entries: [`${container}/DATABASE_URL`, `${container}/REDIS_URL`, container, `${container}/UPLOADS_SECRET_ACCESS_KEY`],
          variables: [...provisionedNames, "LLM_PROVIDER"],
        },
      ],
      missing: [],
      problems: [],
    });
  });
});
