import { createServer, type IncomingMessage, type OutgoingHttpHeaders, type Server, type ServerResponse } from "node:http";

interface Reply {
  /** @default 200 */
  readonly status?: number;
  readonly headers?: OutgoingHttpHeaders;
  /** Sent as JSON. */
  readonly body: unknown;
}

/** By method and path: `"GET /items"`. */
type Routes = Readonly<Record<string, (request: IncomingMessage) => Reply | Promise<Reply>>>;

/** Thrown by a route to answer with an error status. */
export class HttpError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Creates a JSON server. It logs unexpected errors and answers them with 500. */
export const createApi = (routes: Routes): Server => createServer((request, response) => void respond(routes, request, response));

const respond = async (routes: Routes, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const { status = 200, headers, body } = await replyTo(routes, request);
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
};

const replyTo = async (routes: Routes, request: IncomingMessage): Promise<Reply> => {
  try {
    const [path = "/"] = (request.url ?? "/").split("?");
    const route = routes[`${request.method} ${path}`];
    if (!route) throw new HttpError(404, "no such route");
    return await route(request);
  } catch (error) {
    if (error instanceof HttpError) return { status: error.status, body: { error: error.message } };
    console.error(error);
    return { status: 500, body: { error: "internal error" } };
  }
};

const LARGEST_BODY = 100_000;

/** Reads a request's JSON body. Throws `HttpError` if it is too large or not JSON. */
export const readJson = async (request: IncomingMessage): Promise<unknown> => {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) {
    text += chunk;
    if (text.length > LARGEST_BODY) throw new HttpError(413, "the body is too large");
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpError(400, "the body is not JSON");
  }
};
