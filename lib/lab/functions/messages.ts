/**
 * What the lab's main thread and a function host tell each other. Both sides collect messages and post them as one array a turn
 * of their event loop, because each post costs more than what is in it. Times are milliseconds of the process's monotonic
 * clock (`processMs`), which the two threads share.
 */
export type ToHost =
  | { readonly kind: 'define'; readonly definition: FunctionDefinition }
  | { readonly kind: 'forget'; readonly definition: number }
  | { readonly kind: 'start'; readonly environment: number; readonly definition: number; readonly logStream: string }
  | InvokeMessage
  | { readonly kind: 'drop'; readonly environment: number }
  | WireReply
  | { readonly kind: 'ping' };

export type FromHost =
  | { readonly kind: 'started'; readonly environment: number; readonly tookMs: number; readonly error?: string; readonly lines?: readonly string[] }
  | ResultMessage
  | { readonly kind: 'died'; readonly environment: number; readonly error: string; readonly lines?: readonly string[] }
  | WireCall
  | { readonly kind: 'pong' };

/** Everything that a host needs to start environments of one revision of a function. */
export interface FunctionDefinition {
  /** Number of this revision, unique in the lab. */
  readonly id: number;
  readonly name: string;
  readonly arn: string;
  readonly code: string;
  readonly map: string;
  readonly externals: readonly string[];
  readonly folder: string | undefined;
  /** Such as `place-order.handler`. */
  readonly handler: string;
  readonly runtime: string;
  readonly memoryMb: number;
  readonly region: string;
  readonly logGroup: string;
  /** The function's Environment, without what Lambda adds. */
  readonly variables: Readonly<Record<string, string>>;
}

export interface InvokeMessage {
  readonly kind: 'invoke';
  readonly environment: number;
  readonly requestId: string;
  /** The event, JSON. */
  readonly payload: string;
  readonly timeoutMs: number;
  readonly traceId: string;
  /** When it was to begin. */
  readonly dueAt: number;
}

export interface ResultMessage {
  readonly kind: 'result';
  readonly environment: number;
  /** The response, JSON; or, where `failed`, AWS's error payload. */
  readonly payload: string;
  readonly failed: boolean;
  /** The environment ended with the invocation (the process exited or crashed). */
  readonly dead: boolean;
  readonly startedAt: number;
  readonly endedAt: number;
  /** CPU time that the invocation took; absent unless nothing else ran in the host meanwhile. */
  readonly cpuMs?: number;
  /** How far behind its modelled course it ended, which begins at `dueAt`; below 0 where it ended ahead of it. */
  readonly lateMs: number;
  readonly lines?: readonly string[];
}

/** A request of a handler's AWS SDK client. */
export interface WireCall {
  readonly kind: 'wire';
  readonly id: number;
  readonly environment: number;
  readonly functionName: string;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
  readonly service: string;
  /** When it was to be sent, on the invocation's modelled course. */
  readonly sentAt: number;
}

export interface WireReply {
  readonly kind: 'reply';
  readonly id: number;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
  readonly modelledMs: number | undefined;
  /** When the lab had the answer. */
  readonly repliedAt: number;
}

/** Cells of HostData's state. */
export const stateCells = { running: 0, begun: 1 } as const;

/** What a host is started with. */
export interface HostData {
  /**
   * Two 32-bit cells that can be read while the host is stuck: the environment whose code runs right now, as far as the host knows, and how many
   * messages it has begun to handle.
   */
  readonly state: SharedArrayBuffer;
}

const offsetMs = closestOffsetMs();

/** Milliseconds of the process's monotonic clock: the same in every thread, unlike `performance.now()`. */
export function processMs(): number {
  return performance.now() + offsetMs;
}

export function toProcessMs(atThreadMs: number): number {
  return atThreadMs + offsetMs;
}

/** The instant of this thread's `performance.now()` that `atProcessMs` is. */
export function toThreadMs(atProcessMs: number): number {
  return atProcessMs - offsetMs;
}

/**
 * How far the two clocks are apart. The first reading of either loads code, which takes milliseconds, so it is read several times; the
 * reading that took least is the nearest.
 */
function closestOffsetMs(): number {
  let best = { spanMs: Number.POSITIVE_INFINITY, offsetMs: 0 };
  for (let i = 0; i < 5; i++) {
    const before = performance.now();
    const atMs = Number(process.hrtime.bigint()) / 1e6;
    const after = performance.now();
    if (after - before < best.spanMs) best = { spanMs: after - before, offsetMs: atMs - (before + after) / 2 };
  }
  return best.offsetMs;
}
