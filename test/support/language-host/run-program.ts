import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import path from "node:path";
import { type RunRequest, RunResponse } from "@pulumi/pulumi/proto/language_pb";

/** Exit code of Pulumi's runner after it has shown the error. */
const SHOWN = 32;

/** Runs a program with the runner of its own `@pulumi/pulumi`, like `pulumi-language-nodejs`. */
export const runProgram = async (request: RunRequest, engineAddress: string, signal: AbortSignal): Promise<RunResponse> => {
  const folder = request.getInfo()?.getProgramDirectory() ?? request.getPwd();
  const options = optionsOf(request);
  const runner = createRequire(path.join(folder, "package.json")).resolve("@pulumi/pulumi/cmd/run");
  const child = spawn(process.execPath, [...options.nodeargs, runner, ...argumentsFor(request, folder, engineAddress)], {
    env: { ...process.env, ...variablesFor(request), ...options.variables },
    stdio: ["ignore", "inherit", "inherit"],
  });
  signal.addEventListener("abort", () => child.kill("SIGINT"));
  const [code, ended] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  if (code === 0) return new RunResponse();
  if (code === SHOWN) return new RunResponse().setBail(true);
  return new RunResponse().setError(`Program exited with non-zero exit code: ${code ?? ended}`);
};

/** Options of `runtime` in Pulumi.yaml. */
const optionsOf = (request: RunRequest): { readonly nodeargs: string[]; readonly variables: Record<string, string> } => {
  const given = request.getInfo()?.getOptions()?.toJavaScript() ?? {};
  const { nodeargs = "", typescript = true, tsconfig } = given as { nodeargs?: string; typescript?: boolean; tsconfig?: string };
  return {
    nodeargs: nodeargs.split(/\s+/).filter((argument) => argument !== ""),
    variables: {
      ...(typescript && { PULUMI_NODEJS_TYPESCRIPT: "true" }),
      ...(tsconfig !== undefined && { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig }),
    },
  };
};

const argumentsFor = (request: RunRequest, folder: string, engineAddress: string): string[] => {
  const named = {
    monitor: request.getMonitorAddress(),
    engine: engineAddress,
    organization: request.getOrganization(),
    project: request.getProject(),
    "root-directory": request.getInfo()?.getRootDirectory() ?? "",
    stack: request.getStack(),
    pwd: folder,
    parallel: String(request.getParallel()),
  };
  return [
    ...Object.entries(named).flatMap(([name, value]) => (value === "" ? [] : [`--${name}`, value])),
    ...(request.getDryrun() ? ["--dry-run"] : []),
    request.getInfo()?.getEntryPoint() ?? request.getProgram(),
    ...request.getArgsList(),
  ];
};

/** The runner reads the stack's configuration from its environment, with the key format of early Pulumi versions. */
const variablesFor = (request: RunRequest): Record<string, string> => {
  const config = [...request.getConfigMap().entries()].map(([key, value]) => [key.replace(":", ":config:"), value]);
  return {
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(config)),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
  };
};
