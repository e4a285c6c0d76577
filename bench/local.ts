import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { bucket, postgresUrl, redisUrl, settings } from "../lib";
import { plan } from "../lib/plan";
import { down } from "../lib/local/down";
import { environmentFolder } from "../lib/local/folder";
import { statusOf } from "../lib/supervisor/client";
import { up } from "../lib/local/up";
import { figure, timed, type Row } from "./measure";

const RUNS = 5;
const group = settings("shared", { databaseUrl: postgresUrl(), redisUrl: redisUrl(), uploads: bucket() });
const request = { plan: plan({ project: "bench", groups: [group], environment: "development" }), groups: [group] };

/** Measures PostgreSQL, Redis and S3 cold and warm, the supervisor's memory, and `endow dev` up to an app's first response. */
export const local = async (): Promise<readonly Row[]> => {
  const home = mkdtempSync(path.join(tmpdir(), "endow-bench-"));
  const before = process.env["XDG_STATE_HOME"];
  process.env["XDG_STATE_HOME"] = home;
  try {
    return [...(await servers(home)), ...(await command(home))];
  } finally {
    if (before === undefined) delete process.env["XDG_STATE_HOME"];
    else process.env["XDG_STATE_HOME"] = before;
    rmSync(home, { recursive: true, force: true });
  }
};

const servers = async (root: string): Promise<readonly Row[]> => {
  const app = { project: "bench", root };
  const first = await up({ ...request, root });
  for (const { name, error } of first.failed) console.log(`SKIP: ${name}: ${error.message}`);
  const here = first.servers.map(({ kind, program }) => `${kind} ${program.version}`).join(", ");
  const cold: number[] = [];
  const warm: number[] = [];
  const memory: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    await down({ app, environment: "development", removeData: true });
    cold.push(await timed(() => up({ ...request, root })));
    warm.push(await timed(() => up({ ...request, root })));
    const { pid } = await statusOf(environmentFolder(app, "development"));
    const pss = pid === undefined ? undefined : pssOf(pid);
    if (pss !== undefined) memory.push(pss);
  }
  await down({ app, environment: "development", removeData: true });
  return [
    { what: `cold up, programs cached (${here})`, value: figure(cold), unit: "ms", goal: "under 3,000 ms" },
    { what: "second up, nothing changed", value: figure(warm), unit: "ms", goal: "under 1,000 ms" },
    ...(memory.length > 0 ? [{ what: "supervisor memory (PSS)", value: figure(memory), unit: "MB" as const, goal: "under 50 MB" }] : []),
  ];
};

/** Proportional set size: each process counts its share of shared pages. Linux only. */
const pssOf = (pid: number): number | undefined => {
  if (process.platform !== "linux") return undefined;
  const kilobytes = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
};

const APP = `require("node:http").createServer((_, res) => res.end("ok")).listen(0, "127.0.0.1", function () { console.log("listening " + this.address().port); })`;

const command = async (home: string): Promise<readonly Row[]> => {
  const root = mkdtempSync(path.join(home, "app-"));
  writeFileSync(path.join(root, "package.json"), '{ "name": "bench-app" }');
  writeFileSync(
    path.join(root, "settings.ts"),
    'import { settings, postgresUrl, redisUrl, bucket } from "endow";\nexport const shared = settings("shared", { databaseUrl: postgresUrl(), redisUrl: redisUrl().optional(), uploads: bucket().optional() });\n',
  );
  const app = { project: "bench-app", root };
  const cold: number[] = [];
  const warm: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    cold.push(await firstAnswer(root));
    warm.push(await firstAnswer(root));
    await down({ app, environment: "development", removeData: true });
  }
  return [
    { what: "endow dev to the app's first response, cold", value: figure(cold), unit: "ms" },
    { what: "endow dev to the app's first response, servers running", value: figure(warm), unit: "ms" },
  ];
};

const firstAnswer = (root: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const start = performance.now();
    const main = path.resolve(__dirname, "../../dist/cli/main.js");
    const child = spawn(process.execPath, [main, "dev", "--cwd", root, "--", process.execPath, "-e", APP], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    let took: number | undefined;
    child.once("error", reject);
    child.once("exit", (code) =>
      took === undefined ? reject(new Error(`endow dev exited with ${code} before the app responded`)) : resolve(took),
    );
    child.stdout.on("data", (chunk: Buffer) => {
      const port = /listening (\d+)/.exec(chunk.toString())?.[1];
      if (port === undefined) return;
      fetch(`http://127.0.0.1:${port}`).then(() => {
        took = performance.now() - start;
        child.kill("SIGTERM");
      }, reject);
    });
  });
