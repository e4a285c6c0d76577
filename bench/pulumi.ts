import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { bucket, postgresUrl, redisUrl, settings } from "../lib";
import { plan } from "../lib/plan";
import { down } from "../lib/local/down";
import { up } from "../lib/local/up";
import { local, Project } from "../lib/pulumi";
import { pulumi } from "../test/support/engine";
import { withStack } from "../test/support/stack";
import { figure, timed, type Figure, type Row } from "./measure";

const RUNS = 5;

/** The same settings as in examples/shop. */
export const shared = settings("shared", { databaseUrl: postgresUrl(), redisUrl: redisUrl(), uploads: bucket() });

const STEPS = ["first up", "second up", "destroy"] as const;
type Step = (typeof STEPS)[number];
type Times = Readonly<Record<Step, number>>;

/** Compares the same servers through `pulumi up` and through `endow dev`'s own function with an empty Pulumi program, to separate our share. */
export const pulumiUp = async (): Promise<readonly Row[]> => {
  if (!(await hasEngine("pulumi up"))) return [];
  const runs: { readonly engine: Times; readonly empty: Times; readonly dev: Times }[] = [];
  // Alternating, so that a drift in the machine's speed affects all equally. The first round is not counted: it may download programs.
  for (let run = 0; run <= RUNS; run++) {
    const round = { engine: await byEngine((root) => deploy(root)), empty: await byEngine(() => async () => ({})), dev: await byDev() };
    if (run > 0) runs.push(round);
  }
  return STEPS.flatMap((step) => {
    const of = (who: keyof (typeof runs)[number]): Figure => figure(runs.map((run) => run[who][step]));
    const ours = figure(runs.map(({ engine, empty }) => engine[step] - empty[step]));
    return [
      { what: `${step}, PostgreSQL, Redis and S3 through an engine`, value: of("engine"), unit: "ms" as const },
      { what: `${step}, an empty Pulumi program`, value: of("empty"), unit: "ms" as const },
      { what: `${step}, our overhead`, value: ours, unit: "ms" as const },
      { what: `${step}, the same servers without Pulumi`, value: of("dev"), unit: "ms" as const },
    ];
  });
};

/** Whether a Pulumi CLI is available; prints the reason if not. */
export const hasEngine = (what: string): Promise<boolean> =>
  pulumi().then(
    () => true,
    (error: Error) => {
      console.log(`SKIP: ${what}: ${error.message}`);
      return false;
    },
  );

const deploy =
  (root: string): PulumiFn =>
  async () => {
    void new Project("shop", { groups: [shared], target: () => local({ root }) });
  };

const byEngine = async (programIn: (root: string) => PulumiFn): Promise<Times> => {
  let times: Times | undefined;
  await withStack({ program: async () => undefined }, async (stack) => {
    stack.use(programIn(stack.app));
    times = {
      "first up": await timed(() => stack.up()),
      "second up": await timed(() => stack.up()),
      destroy: await timed(() => stack.destroy()),
    };
  });
  if (times === undefined) throw new Error("the stack was not measured");
  return times;
};

/** Without an engine there is nothing to destroy: the servers are stopped, as by a destroy, and their data is kept. */
const byDev = async (): Promise<Times> => {
  const home = mkdtempSync(path.join(tmpdir(), "endow-bench-"));
  const before = process.env["XDG_STATE_HOME"];
  process.env["XDG_STATE_HOME"] = home;
  const request = { plan: plan({ project: "shop", groups: [shared], environment: "development" }), groups: [shared], root: home };
  const app = { project: "shop", root: home };
  try {
    return {
      "first up": await timed(() => up(request)),
      "second up": await timed(() => up(request)),
      destroy: await timed(() => down({ app, environment: "development", removeData: false })),
    };
  } finally {
    await down({ app, environment: "development", removeData: true });
    if (before === undefined) delete process.env["XDG_STATE_HOME"];
    else process.env["XDG_STATE_HOME"] = before;
    rmSync(home, { recursive: true, force: true });
  }
};
