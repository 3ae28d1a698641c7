import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { monotonicMs } from '../../core/clock.ts';
import { messageOf, ProofloadError } from '../../core/errors.ts';
import type { Caller, FrontDoorResponse, WireRequest, WireResponse } from '../contract.ts';
import type { Door } from './door.ts';
import { excessMs } from './pipeline.ts';

export interface HttpServerOptions {
  /** 0: any free port. */
  readonly port: number;
  /** How long an idle connection is kept. */
  readonly idleConnectionMs: number;
  /** Larger request bodies are refused with 413. */
  readonly maxBodyBytes: number;
  readonly wire: (request: WireRequest) => Promise<WireResponse>;
  readonly doors: readonly Door[];
  /** Answer of `GET /_proofload/lab`. */
  readonly describe: () => object;
}

export interface HttpServer {
  readonly port: number;
  /** Closes the port and every connection, idle or not. */
  close(): Promise<void>;
}

type Answer = WireResponse | FrontDoorResponse;

const httpCaller: Caller = { kind: 'http' };
const empty = new Uint8Array(0);

/** Listens on loopback; throws ProofloadError `port-in-use` when the port is taken. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const server = createServer({ keepAliveTimeout: options.idleConnectionMs }, (request, response) => receive(options, request, response));
  await listen(server, options.port);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, port)));
    server.listen(port, '127.0.0.1', resolve);
  });
}

function listenError(error: NodeJS.ErrnoException, port: number): ProofloadError {
  if (error.code === 'EADDRINUSE') {
    return new ProofloadError('port-in-use', `port ${port} of 127.0.0.1 is in use`, {
      hint: 'stop what listens there, or let the lab take any free port with --port 0',
      cause: error,
    });
  }
  return new ProofloadError('port-refused', `cannot listen on 127.0.0.1:${port}: ${error.message}`, { hint: 'choose another --port', cause: error });
}

function receive(options: HttpServerOptions, request: IncomingMessage, response: ServerResponse): void {
  const arrivedMs = monotonicMs();
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= options.maxBodyBytes) chunks.push(chunk);
    else refuseBody(request, response);
  });
  request.on('end', () => {
    if (bytes > options.maxBodyBytes) return;
    const body = chunks.length === 1 ? (chunks[0] as Buffer) : chunks.length === 0 ? empty : Buffer.concat(chunks);
    answer(options, request, body, arrivedMs)
      // All requests that came in one turn of the event loop are served before the first answer wakes a client: a fifth less CPU under load.
      .then((result) => void setImmediate(send, response, result, arrivedMs))
      .catch((thrown: unknown) => fail(response, thrown));
  });
}

/** A defect of the lab: the caller is told, and the connection does not stay half answered. */
function fail(response: ServerResponse, thrown: unknown): void {
  if (response.headersSent) response.destroy();
  else response.writeHead(500, { 'content-type': 'text/plain' }).end(`The lab failed: ${messageOf(thrown)}\n`);
}

function refuseBody(request: IncomingMessage, response: ServerResponse): void {
  request.removeAllListeners('data');
  request.resume();
  if (!response.headersSent) response.writeHead(413, { connection: 'close', 'content-length': 0 }).end();
}

function answer(options: HttpServerOptions, request: IncomingMessage, body: Uint8Array, arrivedMs: number): Promise<Answer> {
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = mark < 0 ? '' : url.slice(mark + 1);
  const method = request.method ?? 'GET';
  // Node joins repeated headers into one string; only set-cookie, which no client sends, would be a list.
  const headers = request.headers as Readonly<Record<string, string>>;
  if (path.startsWith('/_')) {
    const door = options.doors.find(({ prefix }) => path.startsWith(prefix));
    if (door) {
      const sourceIp = request.socket.remoteAddress ?? '127.0.0.1';
      const { rawHeaders } = request;
      return door.serve({ method, path: path.slice(door.prefix.length), rawQuery: query, headers, rawHeaders, body, arrivedMs, sourceIp });
    }
    if (method === 'GET' && path === '/_proofload/lab') {
      return Promise.resolve({ status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(options.describe()) });
    }
  }
  return options.wire({ method, path, query, headers, body, caller: httpCaller, arrivedMs });
}

/** Also publishes how late the answer was, with all the time that it waited for others in the same turn. */
function send(response: ServerResponse, answer: Answer, arrivedMs: number): void {
  write(response, answer);
  answer.excess?.add(excessMs(monotonicMs() - arrivedMs, answer.modelledMs ?? 0));
}

function write(response: ServerResponse, { status, headers, body }: Answer): void {
  if (response.destroyed) return;
  try {
    const length = typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength;
    // The answer to HEAD tells how long the body would be.
    const told = response.req.method === 'HEAD' ? (headers['content-length'] as string | undefined) : undefined;
    response.writeHead(status, { ...(headers as Record<string, string | string[]>), 'content-length': told ?? length });
    response.end(body);
  } catch (thrown) {
    fail(response, thrown);
  }
}
