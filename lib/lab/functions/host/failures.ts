import { SourceMap, type SourceMapPayload } from 'node:module';
import { taskRoot } from '../task-root.ts';

/** AWS's error payload, as Lambda's Node runtime writes it. */
export interface ErrorPayload {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
  readonly [member: string]: unknown;
}

/** The payload for anything that a handler throws or rejects with; `mapTrace` turns positions in the bundle into those of the source. */
export function errorPayload(thrown: unknown, mapTrace: (stack: string) => string): ErrorPayload {
  if (!isError(thrown)) return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  const { name, message, stack = '' } = thrown;
  return { errorType: name || 'Error', errorMessage: message, trace: mapTrace(stack).split('\n') };
}

/** What the runtime reports when a promise is rejected and nothing handles it. */
export function unhandledRejection(reason: unknown, mapTrace: (stack: string) => string): ErrorPayload {
  const errorMessage = String(reason);
  return {
    errorType: 'Runtime.UnhandledPromiseRejection',
    errorMessage,
    reason: errorPayload(reason, mapTrace),
    promise: {},
    trace: [`Runtime.UnhandledPromiseRejection: ${errorMessage}`],
  };
}

/** What Lambda reports when the runtime's process ends during an invocation. */
export function exitError(code: number, requestId: string): ErrorPayload {
  const how = code === 0 ? 'Runtime exited without providing a reason' : `Runtime exited with error: exit status ${code}`;
  return { errorType: 'Runtime.ExitError', errorMessage: `RequestId: ${requestId} Error: ${how}` };
}

/** An error of the runtime itself, such as Runtime.HandlerNotFound. */
export function runtimeError(errorType: string, errorMessage: string): ErrorPayload {
  return { errorType, errorMessage, trace: [`${errorType}: ${errorMessage}`] };
}

/** Errors of other realms count too: what has a name and a message. */
function isError(thrown: unknown): thrown is Error {
  return thrown instanceof Error || (typeof thrown === 'object' && thrown !== null && 'message' in thrown && 'name' in thrown);
}

/** The lab's own files, whose frames (and those below them) are no part of a function's stack. */
const hostFolder = new URL('.', import.meta.url).href;

/** Maps `/var/task/index.js:line:column` in a stack back to the file that was bundled; reads the map when first needed. */
export function traceMapper(mapJson: string): (stack: string) => string {
  let map: SourceMap | undefined;
  return (stack) =>
    ownFrames(stack).replace(/\/var\/task\/index\.js:(\d+):(\d+)/g, (place, line: string, column: string) => {
      map ??= new SourceMap(JSON.parse(mapJson) as SourceMapPayload);
      const entry = map.findEntry(Number(line) - 1, Number(column) - 1);
      if (!('originalSource' in entry)) return place;
      return `${taskRoot}/${entry.originalSource.replace(/^.*archive:/, '')}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
    });
}

function ownFrames(stack: string): string {
  const lines = stack.split('\n');
  const host = lines.findIndex((line) => line.includes(hostFolder));
  return (host < 0 ? lines : lines.slice(0, host)).join('\n');
}
