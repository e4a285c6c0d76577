// Stands in for `pulumi-language-nodejs` where the CLI was built from its Go module, which does not have it: `pulumi up` starts it to run the
// program of a folder. What the real one does besides (installing packages, looking for their plugins, synchronous invokes) no test needs.
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
  // The tests bring what their programs import.
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

// A program with a hook may not end by itself where the engine was killed: Pulumi's SDK goes on asking for the server of its callbacks.
endWithEngine(async () => cancelled.abort());
