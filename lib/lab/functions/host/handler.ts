import { runtimeError } from './failures.ts';

export type Handler = (event: unknown, context: object, callback: (error?: unknown, result?: unknown) => void) => unknown;

/** Thrown while an environment starts: what Lambda's runtime reports under a name of its own. */
export class RuntimeFailure extends Error {
  readonly payload: ReturnType<typeof runtimeError>;

  constructor(errorType: string, message: string) {
    super(message);
    this.payload = runtimeError(errorType, message);
  }
}

/** The exported function that `handler` (`src/app.handler`, `index.api.get`) names, checked as Lambda's Node runtime does. */
export function findHandler(exports: unknown, handler: string, runtime: string): Handler {
  const path = handler
    .slice(handler.lastIndexOf('/') + 1)
    .split('.')
    .slice(1);
  let found: unknown = exports;
  for (const name of path) found = (found as Record<string, unknown> | undefined | null)?.[name];
  if (found === undefined || found === null || path.length === 0) {
    throw new RuntimeFailure('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
  }
  if (typeof found !== 'function') throw new RuntimeFailure('Runtime.HandlerNotFound', `${handler} is not a function`);
  if (!acceptsCallbacks(runtime) && found.length >= 3) {
    throw new RuntimeFailure(
      'Runtime.CallbackHandlerDeprecated',
      'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later.',
    );
  }
  return found as Handler;
}

/** Lambda's Node runtimes before 24 pass a callback to the handler. */
export function acceptsCallbacks(runtime: string): boolean {
  return Number(/^nodejs(\d+)/.exec(runtime)?.[1] ?? 24) < 24;
}
