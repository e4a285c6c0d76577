import assert from "node:assert/strict";
import { Stash } from "@pulumi/pulumi";
import { bucket, postgresUrl, settings } from "../../lib";
import { app, Project, SettingsGroup, type Access } from "../../lib/pulumi";
import { errorOf } from "../support/errors";
import { cloud } from "./cloud";
import { deployed, here, names } from "./harness";

const databaseUrl = postgresUrl();
const shop = settings("shop", { databaseUrl, uploads: bucket() });
const billing = settings("billing", { databaseUrl, ledgerUrl: postgresUrl() });
const staging = { stack: "staging" };

interface Granted {
  readonly name: string;
  readonly consumer: object;
  readonly start: readonly string[];
  readonly run: readonly string[];
}

/**
 * A target that records its grants, and the consumer of each permission. Starting a consumer requires its store, the consumer itself requires a server,
 * and both require a bucket.
 */
const watching = () => {
  const granted: Granted[] = [];
  const asked = new Set<object>();
  const { cells, store } = cloud();
  const { postgres = assert.fail("a cell"), bucket: files = assert.fail("a cell") } = cells;
  const access = (...permissions: readonly (readonly [key: string, when: Access["for"]])[]) =>
    permissions.map(([key, when]) => ({ key, for: when, type: "statement", allow: key }) as const);
  const keys = (list: readonly Access[]) => list.map(({ key }) => key);
  const target = cloud({
    cells: {
      postgres: {
        ...postgres,
        lease: (request) => ({ ...postgres.lease(request), access: () => access([request.resource.server, "run"]) }),
      },
      bucket: {
        ...files,
        lease: (request) => ({
          ...files.lease(request),
          access: (consumer) => {
            asked.add(consumer);
            return access(["bucket", "run"], ["bucket", "start"]);
          },
        }),
      },
    },
    store: {
      ...store,
      open: (request) => ({
        ...store.open(request),
        access: (_, variables) => access([`${request.group}: ${variables.toSorted().join(" ")}`, "start"]),
      }),
    },
    grant: ({ name, consumer, start, run }) => {
      granted.push({ name, consumer, start: keys(start), run: keys(run) });
      return [new Stash(`granted ${granted.length}`, { input: name })];
    },
  });
  return { target, granted, asked };
};

const ofShop = { start: ["shop: DATABASE_URL UPLOADS_BUCKET UPLOADS_REGION", "bucket"], run: ["postgres", "bucket"] };
/** A broker writes the shared setting's URL into the store of the first group. */
const ofBilling = ["billing: LEDGER_URL", "shop: DATABASE_URL"];
const job = { role: "jobs", network: "jobs" };

describe("a custom consumer", () => {
  it("is granted everything for a group in one call: its entries and its settings' servers, each permission once", async () => {
    const { target, granted, asked } = watching();
    const { made } = await deployed(() => new SettingsGroup("shop", { group: shop, target }).grant("job", job), staging);
    assert.deepEqual(granted, [{ name: "job", consumer: job, ...ofShop }]);
    assert.deepEqual([...asked], [job]);
    assert.equal(made.length, 1);
  });

  it("is granted several groups of a project in one call, and their shared server once", async () => {
    const { target, granted } = watching();
    await deployed(() => new Project("shop", { groups: [shop, billing], target }).grant("job", job, [shop, billing]), staging);
    assert.deepEqual(granted, [
      {
        name: "job",
        consumer: job,
        start: [...ofShop.start, ...ofBilling],
        run: ofShop.run,
      },
    ]);
  });

  it("is granted only new permissions with another group, and waits for all of them", async () => {
    const { target, granted } = watching();
    const { made } = await deployed(() => {
      const project = new Project("shop", { groups: [shop, billing], target });
      const first = project.group(shop).grant("job", job);
      return [first, project.group(billing).grant("job", job), project.grant("job", job, [shop, billing])].map(({ length }) => length);
    }, staging);
    assert.deepEqual(granted.slice(1), [{ name: "job", consumer: job, start: ofBilling, run: [] }]);
    assert.deepEqual(made, [1, 2, 2]);
  });

  it("is distinct from another one with the same needs, which also gets all permissions", async () => {
    const { target, granted } = watching();
    const other = { role: "others", network: "others" };
    await deployed(() => {
      const group = new SettingsGroup("shop", { group: shop, target });
      group.grant("job", job);
      group.grant("other", other);
    }, staging);
    assert.deepEqual(granted, [
      { name: "job", consumer: job, ...ofShop },
      { name: "other", consumer: other, ...ofShop },
    ]);
  });

  it("is rejected under the name of another one, wherever that was granted", async () => {
    const assertRefused = (grant: () => unknown) => {
      const { code, message } = errorOf(grant);
      assert.equal(code, "CONSUMER_TWICE");
      assert.equal(message, 'another consumer in this stack is already named "job"\n  fix: give each consumer a unique name');
    };
    await deployed(() => {
      const project = new Project("shop", { groups: [shop, billing], target: watching().target });
      project.grant("job", job, [shop]);
      assertRefused(() => project.group(billing).grant("job", { ...job }));
    }, staging);
    await deployed(() => {
      const project = new Project("shop", { groups: [shop, billing], target: here });
      project.group(shop).grant("job", { process: "jobs" });
      assertRefused(() => project.grant("job", { process: "jobs" }, [shop]));
    });
  });

  it("is rejected for a group that the project lacks", async () => {
    await deployed(() => {
      const project = new Project("shop", { groups: [shop], target: cloud() });
      assert.equal(errorOf(() => project.grant("job", job, [billing])).code, "GROUP_UNKNOWN");
    }, staging);
  });

  it("needs no resource on this machine", async () => {
    const program = async (granting: boolean) => {
      const { engine, made } = await deployed(() => {
        const project = new Project("shop", { groups: [shop], target: here });
        return granting ? project.grant("job", { process: "jobs" }, [shop]) : [];
      });
      return [names(engine), made];
    };
    assert.deepEqual(await program(true), await program(false));
  });
});

describe("the consumer of an app", () => {
  it("is granted all groups that the app reads in one call, and another one by the program under the app's name", async () => {
    const { target, granted } = watching();
    const web = app({ command: ["node"], reads: [shop] });
    await deployed(() => {
      const project = new Project("shop", { groups: [shop, billing], target, apps: { web } });
      project.grant("web", project.apps.web.consumer, [billing]);
    }, staging);
    const [first, second] = granted;
    assert.deepEqual([first?.name, first?.start, first?.run], ["web", ofShop.start, ofShop.run]);
    assert.deepEqual([second?.consumer, second?.start, second?.run], [first?.consumer, ofBilling, []]);
  });

  it("is granted nothing where the app reads no group", async () => {
    const { target, granted } = watching();
    await deployed(() => new Project("shop", { groups: [shop], target, apps: { web: app({ command: ["node"], reads: [] }) } }), staging);
    assert.deepEqual(granted, []);
  });
});
