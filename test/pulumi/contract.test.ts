import assert from "node:assert/strict";
import { z } from "zod";
import { output } from "@pulumi/pulumi";
import { bucket, postgresUrl, redisUrl, secret, settings } from "../../lib/index";
import { app, onServer, Project, SettingsGroup, type Target } from "../../lib/pulumi/index";
import type { MockEngine } from "../support/mock-engine";
import type { Recorded } from "../support/mock-resource";
import { seen } from "../support/outputs";
import { cloud, cloudStore, unread, type Cloud, type Watch } from "./cloud";
import { awaited, deployed, names, reasons, refused, valueOf } from "./harness";

const TOKEN = "a-token-of-the-test-0123456789";
const shop = settings("shop", {
  databaseUrl: postgresUrl(),
  cacheUrl: redisUrl(),
  uploads: bucket(),
  token: secret(),
  pageSize: z.number().default(20),
});
const web = app({
  command: ["node", "server.js"],
  image: () => "shop:1",
  port: 8000,
  health: "/health",
  env: { LOG: "info" },
  reads: [shop],
});
const options = { stack: "staging", secrets: { TOKEN }, config: { PAGE_SIZE: "50" } };
const consumer = { role: "role-of-theirs", network: "network-of-theirs" };

const onCloud = (target: Target<Cloud>) => new Project("shop", { groups: [shop], target, apps: { web } });

/** All direct and indirect dependencies of a resource, as `type name`. */
const allAwaited = ({ resources }: MockEngine, from: Recorded): ReadonlySet<string> => {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const found = new Set<string>();
  const visit = ({ dependsOn }: Recorded): void => {
    for (const urn of dependsOn) {
      const next = byUrn.get(urn);
      if (!next || found.has(`${next.type} ${next.name}`)) continue;
      found.add(`${next.type} ${next.name}`);
      visit(next);
    }
  };
  visit(from);
  return found;
};

const custom = ({ resources }: MockEngine) => resources.filter((one) => one.custom && one.type.startsWith("cloud:"));

describe("a target with a broker, identities, references and rules", () => {
  it("gets everything that a task needs from the components: references, plain values, and no secrets", async () => {
    const { engine } = await deployed(() => onCloud(cloud()), options);
    const { inputs } = engine.find("cloud:index:Task", "web");
    assert.deepEqual(inputs["secrets"], {
      DATABASE_URL: "shop-databaseUrl-id:DATABASE_URL:",
      CACHE_URL: "shop-id:CACHE_URL:shop-version-id",
      UPLOADS_BUCKET: "shop-id:UPLOADS_BUCKET:shop-version-id",
      UPLOADS_REGION: "shop-id:UPLOADS_REGION:shop-version-id",
      TOKEN: "shop-id:TOKEN:shop-version-id",
      PAGE_SIZE: "shop-id:PAGE_SIZE:shop-version-id",
    });
    assert.deepEqual(inputs["environment"], { ENDOW_ENVIRONMENT: "test" });
    assert.deepEqual(inputs["env"], { PORT: "8000", LOG: "info" });
    assert.deepEqual(inputs["image"], "shop:1");
    assert.match(String(inputs["revision"]), /^[0-9a-f]{32}$/);
    const version = engine.find("cloud:index:Version", "shop-version");
    assert.deepEqual(version.secretInputs, ["values"]);
    assert.deepEqual(Object.keys(version.inputs["values"] as object).toSorted(), [
      "CACHE_URL",
      "PAGE_SIZE",
      "TOKEN",
      "UPLOADS_BUCKET",
      "UPLOADS_REGION",
    ]);
    for (const one of engine.resources.filter(({ type }) => type !== version.type))
      for (const value of [TOKEN, "of-the-cloud-cache"])
        assert.ok(!JSON.stringify(one).includes(value), `${one.type} ${one.name} contains a secret in plaintext`);
  });

  it("creates nothing before the stack's guard", async () => {
    const { engine } = await deployed(() => {
      const project = onCloud(cloud());
      project.grant("worker", consumer, [shop]);
    }, options);
    for (const one of custom(engine)) assert.ok(awaited(one).includes("pulumi:index:Stash shop"), `${one.type} ${one.name}`);
    assert.ok(custom(engine).length > 15, names(engine).join("\n"));
  });

  for (const [where, resolves] of [
    ["that the platform resolves", ["cloud-secrets"]],
    ["that the app reads at its start", []],
  ] as const)
    it(`supports a lease that the deploy and the broker write together, with a store ${where}, and no container waits for a lease`, async () => {
      const { engine } = await deployed(() => onCloud(cloud({ resolves }, { bucketKeys: true })), options);
      for (const one of engine.resources.filter(({ type }) => type === "cloud:index:Container"))
        assert.deepEqual(
          [...allAwaited(engine, one)].filter((name) => /:(Lease|Bucket|Version) /.test(name)),
          [],
          one.name,
        );
      const key = engine.find("cloud:index:Lease", "shop.uploads-key");
      assert.equal(key.inputs["entry"], "shop-uploads-id");
      const { values } = engine.find("cloud:index:Version", "shop-version").inputs;
      assert.ok("UPLOADS_ACCESS_KEY_ID" in (values as object) && !("UPLOADS_SECRET_ACCESS_KEY" in (values as object)));
      const task = engine.find("cloud:index:Task", "web").inputs;
      const secrets = Object.keys(task["secrets"] as object);
      assert.equal(secrets.includes("UPLOADS_SECRET_ACCESS_KEY"), resolves.length > 0);
      assert.deepEqual(
        Object.keys(task["environment"] as object).toSorted(),
        resolves.length > 0 ? ["ENDOW_ENVIRONMENT"] : ["ENDOW_ENVIRONMENT", "ENDOW_SHOP"],
      );
      assert.ok(allAwaited(engine, engine.find("cloud:index:Task", "web")).has("cloud:index:Lease shop.uploads-key"));
    });

  it("mixes references of two stores, and leaves those that the platform does not resolve to the app", async () => {
    const watch: Watch = new Map();
    const own = cloudStore("cloud-secrets", watch);
    const mixed = cloudStore("mixed", watch, {
      open: (request) => {
        const opened = own.open(request);
        return {
          entry: opened.entry,
          access: (one, variables) => opened.access(one, variables),
          write: (values) => {
            const written = opened.write(values);
            const delivered = written.delivered.map((one) =>
              one.name === "TOKEN" && one.by === "reference" ? { ...one, entry: { ...one.entry, store: "vault" } } : one,
            );
            return { ...written, delivered };
          },
        };
      },
    });
    const secretsWith = async (resolves: readonly string[]) => {
      const { engine } = await deployed(() => onCloud(cloud({ store: mixed, resolves })), options);
      const { secrets, environment } = engine.find("cloud:index:Task", "web").inputs;
      return [Object.keys(secrets as object).includes("TOKEN"), Object.keys(environment as object).includes("ENDOW_SHOP")];
    };
    assert.deepEqual(await secretsWith(["cloud-secrets", "vault"]), [true, false]);
    assert.deepEqual(await secretsWith(["cloud-secrets"]), [false, true]);
  });

  it("rolls a workload when a value or a broker's credential changes, and only then", async () => {
    const revision = async (given: Partial<typeof options> = {}, lease = "1") => {
      const { engine } = await deployed(() => onCloud(cloud()), {
        ...options,
        ...given,
        newResource: ({ type }) => (type === "cloud:index:Lease" ? { id: lease } : undefined),
      });
      return engine.find("cloud:index:Task", "web").inputs["revision"];
    };
    const first = await revision();
    assert.equal(await revision(), first);
    assert.notEqual(await revision({ config: { PAGE_SIZE: "51" } }), first);
    assert.notEqual(await revision({ secrets: { TOKEN: `${TOKEN}.` } }), first);
    assert.notEqual(await revision({}, "2"), first);
  });

  it("has no member that the components never read", async () => {
    const watch: Watch = new Map();
    const reference = { address: output("db.theirs"), administrator: output("arn") };
    await deployed(() => new Project("shop", { groups: [shop], target: cloud({}, { watch, bucketKeys: true }), apps: { web } }), options);
    await deployed(
      () => new SettingsGroup("shop", { group: shop, target: cloud({}, { watch }), existing: { databaseUrl: onServer(reference) } }),
      options,
    );
    await deployed(() => onCloud(cloud({ resolves: [] }, { watch })), options);
    const own = settings("own", { session: secret({ generate: true }) });
    for (const generated of ["deploy", "broker"] as const)
      await deployed(() => new SettingsGroup("own", { group: own, target: cloud({}, { watch, generated }) }), options);
    assert.ok(watch.size > 25, [...watch.keys()].join(", "));
    assert.deepEqual(unread(watch), []);
  });
});

describe("a credential that is not in Pulumi's state", () => {
  it("is not an output: accessing it throws an error that says where it is; public fields are available", async () => {
    const { made } = await deployed(() => new SettingsGroup("shop", { group: shop, target: cloud() }), options);
    assert.equal(await valueOf(made.outputs.databaseUrl.host), "postgres.cloud.example");
    assert.throws(() => made.outputs.databaseUrl.password, { code: "CREDENTIAL_ELSEWHERE" });
    assert.deepEqual((await seen(made.outputs.cacheUrl.password)).isSecret, true);
  });

  it("is delivered to a second group with the same setting by the first one's entry, which its consumers may read", async () => {
    const url = postgresUrl();
    const orders = settings("orders", { databaseUrl: url });
    const stock = settings("stock", { databaseUrl: url, uploads: bucket() });
    const { engine } = await deployed(() => {
      const target = cloud();
      new SettingsGroup("orders", { group: orders, target });
      const second = new SettingsGroup("stock", { group: stock, target });
      second.grant("worker", consumer);
    }, options);
    assert.equal(engine.resources.filter(({ type }) => type === "cloud:index:Lease").length, 1);
    const { start } = engine.find("cloud:index:Policy", "worker-stock").inputs;
    assert.deepEqual(start, ["stock-id", "orders-databaseUrl-id"]);
  });
});

describe("a consumer", () => {
  it("gets one policy and one rule for each server across all groups that it reads, and no permission twice", async () => {
    const orders = settings("orders", { databaseUrl: postgresUrl(), tokenA: secret() });
    const reports = settings("reports", { reportsUrl: postgresUrl(), tokenB: secret() });
    const { engine } = await deployed(
      () => {
        const project = new Project("shop", { groups: [orders, reports], target: cloud() });
        assert.equal(project.grant("worker", consumer, [orders, reports]).length, 2);
        assert.equal(project.group(orders).grant("worker", consumer).length, 2, "it waits for its earlier grants");
        assert.throws(() => project.grant("worker", { ...consumer }, [orders]), { code: "CONSUMER_TWICE" });
      },
      { ...options, secrets: { TOKEN_A: TOKEN, TOKEN_B: `${TOKEN}-b` }, config: {} },
    );
    const made = names(engine).filter((name) => /:(Policy|Rule) /.test(name));
    assert.deepEqual(made, ["cloud:index:Policy worker-orders-reports", "cloud:index:Rule worker-orders-reports-postgres"]);
    const { start, run } = engine.find("cloud:index:Policy", "worker-orders-reports").inputs;
    assert.deepEqual([(start as string[]).length, run], [4, []]);
  });

  it("of an app is available afterwards, for groups outside the project", async () => {
    const { made } = await deployed(() => onCloud(cloud()), options);
    assert.equal(await valueOf(output(made.apps.web.consumer.role)), "web-role-id");
  });
});

describe("a preview with a base stack", () => {
  const endow = {
    target: "cloud",
    servers: {
      postgres: { address: "db.base", administrator: "arn:base" },
      "redis-shop-cache-url": { address: "cache.base", administrator: "a" },
    },
  };

  it("uses the servers of the base stack, under its own names, and has its own buckets", async () => {
    const { engine } = await deployed(() => new Project("shop", { groups: [shop], target: cloud(), base: output(endow) }), {
      ...options,
      stack: "pr-7",
    });
    assert.deepEqual(
      names(engine).filter((name) => name.startsWith("cloud:index:Server")),
      [],
    );
    const { name, administrator } = engine.find("cloud:index:Lease", "shop.databaseUrl").inputs;
    assert.equal(administrator, "arn:base");
    assert.match(String(name), /^s_shop_pr_7_shop_database_url_[0-9a-f]{8}$/);
    assert.ok(engine.find("cloud:index:Bucket", "shop.uploads"));
  });

  it("finds them through the base stack's export `endow`", async () => {
    const { made } = await deployed(() => onCloud(cloud()), options);
    assert.deepEqual(Object.keys(made.endow.servers), ["postgres", "redis-shop-cache-url"]);
    assert.deepEqual(
      [made.endow.target, made.endow.store, made.endow.environment, made.endow.type],
      ["cloud", "cloud-secrets", "staging", "test"],
    );
    assert.equal(
      await valueOf((made.endow.servers["postgres"] as { readonly address: typeof made.apps.web.url }).address),
      "postgres.cloud.example",
    );
  });

  it("is rejected outside previews", async () => {
    const error = await refused(() => new Project("shop", { groups: [shop], target: cloud(), base: endow }), options);
    assert.match(reasons(error).join("\n"), /^base: .*only previews use the servers of a base stack.*BASE_UNUSED/);
  });
});

describe("the account checks", () => {
  const problem = { code: "ZONE", path: "target", message: "there is one zone only", fix: "choose two" };

  it("run once for a project, before anything is created, and a problem stops everything", async () => {
    let asked = 0;
    const preflight = () => {
      asked += 1;
      return output([problem]);
    };
    const other = settings("other", { files: bucket() });
    await assert.rejects(
      deployed(() => new Project("shop", { groups: [shop, other], target: cloud({ preflight }) }), options),
      /there is one zone only \(ZONE\)\n\s+fix: choose two/,
    );
    assert.equal(asked, 1);
  });
});

describe("a program's changes to created resources", () => {
  it("apply to each resource by its purpose, and to nothing else", async () => {
    const transform: Target<Cloud>["transform"] = ({ part, child, of }, args, opts) =>
      part === "bucket" && child === "policy" && of === "shop.uploads"
        ? { args: { ...args, strict: true }, opts: { ...opts, retainOnDelete: true } }
        : undefined;
    const { engine } = await deployed(() => onCloud(cloud({ transform })), options);
    const policy = engine.find("cloud:index:BucketPolicy", "shop.uploads-policy");
    assert.deepEqual([policy.inputs["strict"], policy.retainOnDelete], [true, true]);
    assert.deepEqual(engine.resources.filter(({ inputs }) => "strict" in inputs).length, 1);
  });
});
