import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { formatWithOptions } from 'node:util';
import { wallClock } from '../../../core/clock.ts';
import { isoTime } from '../../../core/time-format.ts';

/** Of one invocation, what is beyond this is dropped: the lab keeps logs for looking at, not for the record. */
const maxLines = 1000;
const maxLineChars = 16_384;

const clock = wallClock();

/** The log lines of one environment since they were last taken. */
export class LogLines {
  #lines: string[] = [];

  push(line: string): void {
    if (this.#lines.length < maxLines) this.#lines.push(line.length > maxLineChars ? line.slice(0, maxLineChars) : line);
  }

  /** The lines so far, undefined when there are none; starts anew. */
  take(): readonly string[] | undefined {
    if (this.#lines.length === 0) return undefined;
    const lines = this.#lines;
    this.#lines = [];
    return lines;
  }
}

const levels = { log: 'INFO', info: 'INFO', debug: 'DEBUG', warn: 'WARN', error: 'ERROR', trace: 'TRACE' } as const;

/** A stream that logs what is written to it, for process.stdout and what formats with it. */
export function logStream(lines: LogLines): Writable {
  return new Writable({
    decodeStrings: false,
    write(chunk: string | Uint8Array, _encoding, done) {
      const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
      for (const line of text.replace(/\n$/, '').split('\n')) lines.push(line);
      done();
    },
  });
}

/** The console of an environment, with the lines of Lambda's text format: time, request id, level, message. */
export function environmentConsole(lines: LogLines, requestId: () => string): Console {
  const write = (level: string, values: unknown[]): void => {
    const text = formatWithOptions({}, ...values).replaceAll('\n', '\r');
    lines.push(`${isoTime(clock.now())}\t${requestId()}\t${level}\t${text}`);
  };
  let full: Console | undefined;
  const rest = (): Console => {
    const stream = logStream(lines);
    full ??= new Console({ stdout: stream, stderr: stream });
    return full;
  };
  const own: Record<PropertyKey, unknown> = { Console };
  for (const [method, level] of Object.entries(levels)) own[method] = (...values: unknown[]) => write(level, values);
  return new Proxy(own, { get: (target, key) => (key in target ? target[key] : Reflect.get(rest(), key)) }) as unknown as Console;
}
