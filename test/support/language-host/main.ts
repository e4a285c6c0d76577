// Replaces `pulumi-language-nodejs` for a CLI built from its Go module, which does not include it: `pulumi up` starts it to run a folder's
// program. No test needs the other features of the real one (installing packages, finding their plugins, synchronous invokes).
import { callbackify } from "node:util";
import { type handleUnaryCall, Server, ServerCredentials, status, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import {
  AboutResponse,
  GetProgramDependenciesResponse,
  GetRequiredPackagesResponse,
  GetRequiredPluginsResponse,
  LanguageHandshakeResponse,
  type RunRequest,
  RuntimeOptionsResponse,
} from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { endWithEngine } from "../../../lib/pulumi/provider/lifetime";
import { runProgram } from "./run-program";

const engineAddress = process.argv.at(-1) ?? "";
const cancelled = new AbortController();

const answer =
  <Request, Response>(respond: (request: Request) => Response | Promise<Response>): handleUnaryCall<Request, Response> =>
  ({ request }, callback) =>
    callbackify(async () => respond(request))((error, response) =>
      callback(error ? { code: status.UNKNOWN, details: error.message } : null, response),
    );

const service: UntypedServiceImplementation = {
  handshake: answer(() => new LanguageHandshakeResponse()),
  getPluginInfo: answer(() => new PluginInfo().setVersion("1.0.0")),
  getRequiredPlugins: answer(() => new GetRequiredPluginsResponse()),
  getRequiredPackages: answer(() => new GetRequiredPackagesResponse()),
  getProgramDependencies: answer(() => new GetProgramDependenciesResponse()),
  runtimeOptionsPrompts: answer(() => new RuntimeOptionsResponse()),
  about: answer(() => new AboutResponse().setExecutable(process.execPath).setVersion(process.version)),
  // The tests provide the imports of their programs.
  installDependencies: (call: { end: () => void }) => call.end(),
  run: answer((request: RunRequest) => runProgram(request, engineAddress, cancelled.signal)),
  cancel: answer(() => {
    cancelled.abort();
    return new Empty();
  }),
};

const server = new Server();
server.addService(LanguageRuntimeService, service);
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  console.log(port);
});

// A program with a hook may not exit if the engine was killed: Pulumi's SDK keeps polling its callback server.
endWithEngine(async () => cancelled.abort());
