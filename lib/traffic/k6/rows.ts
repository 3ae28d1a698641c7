import { ProofloadError } from '../../core/errors.ts';

/** What k6 tells during a run, whichever output it comes through. Times are k6's: milliseconds of the wall since the epoch. */
export interface K6Events {
  /** `errorCode` is k6's (0: none); `expected` is false where the flow's response callback said so. */
  request(startMs: number, durationMs: number, operation: string, status: number, errorCode: number, expected: boolean): void;
  /** `index` counts the flow's iterations from 0 in the order in which they started; undefined when the flow hid it. */
  iteration(flow: string, startMs: number, durationMs: number, index: number | undefined): void;
  dropped(flow: string, atMs: number, count: number): void;
  users(atMs: number, active: number, allocated: number): void;
  data(sentBytes: number, receivedBytes: number): void;
  check(name: string, passed: number, failed: number): void;
  /** The first iteration of the flow began. */
  scenarioStarted(flow: string, atMs: number): void;
}

/** Turns what k6 writes into events; chunks may be cut anywhere. */
export interface K6Reader {
  push(chunk: Uint8Array): void;
  /** At the end of the stream: whether every row that k6 wrote was read, as far as the output can tell. */
  end(): { complete: boolean; detail: string };
}

/** Bytes of a row after its kind, for the layout of tools/k6/proofload/rows.go, version 1. */
const bodyBytes: Readonly<Record<number, number>> = { 1: 6, 2: 21, 3: 24, 4: 16, 5: 16, 6: 24, 7: 12, 8: 12, 255: 72 };
const kindNames = ['', 'text', 'request', 'iteration', 'dropped', 'users', 'data', 'checks', 'start'];
const headerBytes = 6;
const endKind = 255;
const noIndex = 0xffffffff;

/** Reads the binary rows of the output compiled into our k6; throws ProofloadError `k6-rows` on bytes that are none. */
export function rowReader(events: K6Events): K6Reader {
  let rest: Buffer = Buffer.alloc(0);
  let headerSeen = false;
  let written: number[] | undefined;
  const read = new Array<number>(9).fill(0);
  const texts: string[] = [''];

  const push = (chunk: Uint8Array): void => {
    const bytes = rest.length === 0 ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength) : Buffer.concat([rest, chunk]);
    let at = 0;
    if (!headerSeen) {
      if (bytes.length < headerBytes) {
        rest = Buffer.from(bytes);
        return;
      }
      checkHeader(bytes);
      headerSeen = true;
      at = headerBytes;
    }
    for (let end = rowEnd(bytes, at); end > 0; end = rowEnd(bytes, at)) {
      const kind = bytes.readUInt8(at);
      if (kind === endKind) written = countsOf(bytes, at + 1);
      else {
        read[kind] = (read[kind] ?? 0) + 1;
        readRow(kind, bytes, at + 1, texts, events);
      }
      at = end;
    }
    rest = Buffer.from(bytes.subarray(at));
  };
  const end = (): { complete: boolean; detail: string } => {
    if (!written) return { complete: false, detail: `k6's rows end after ${read[2]} requests without their closing row` };
    const missing = kindNames.flatMap((name, kind) => (written?.[kind] === read[kind] ? [] : [`${name}: ${read[kind]} of ${written?.[kind]}`]));
    return missing.length > 0 ? { complete: false, detail: `rows of k6 are missing (${missing.join(', ')})` } : { complete: true, detail: '' };
  };
  return { push, end };
}

function checkHeader(bytes: Buffer): void {
  const [magic, version] = [bytes.toString('latin1', 0, 4), bytes.readUInt16LE(4)];
  if (magic === 'PFK6' && version === 1) return;
  throw new ProofloadError('k6-rows', `k6's output has layout ${JSON.stringify(magic)} ${version}, expected "PFK6" 1`, {
    hint: 'remove the cached k6 (proofload doctor shows where it is), so that it is built anew',
    exit: 'internal',
  });
}

/** Where the row at `at` ends; 0 while part of it is still to come. */
function rowEnd(bytes: Buffer, at: number): number {
  if (at >= bytes.length) return 0;
  const kind = bytes.readUInt8(at);
  const fixed = bodyBytes[kind];
  if (fixed === undefined) throw new ProofloadError('k6-rows', `k6's output has a row of unknown kind ${kind}`, { exit: 'internal' });
  const end = at + 1 + fixed;
  if (end > bytes.length) return 0;
  if (kind !== 1) return end;
  const withText = end + bytes.readUInt16LE(end - 2);
  return withText > bytes.length ? 0 : withText;
}

function readRow(kind: number, bytes: Buffer, at: number, texts: string[], events: K6Events): void {
  const text = (offset: number): string => texts[bytes.readUInt32LE(at + offset)] ?? '';
  switch (kind) {
    case 1:
      texts[bytes.readUInt32LE(at)] = bytes.toString('utf8', at + 6, at + 6 + bytes.readUInt16LE(at + 4));
      return;
    case 2: {
      const [status, errorCode, expected] = [bytes.readUInt16LE(at + 16), bytes.readUInt16LE(at + 18), bytes.readUInt8(at + 20) === 1];
      events.request(u64(bytes, at) / 1000, bytes.readUInt32LE(at + 8) / 1000, text(12), status, errorCode, expected);
      return;
    }
    case 3: {
      const index = bytes.readUInt32LE(at + 20);
      events.iteration(text(16), u64(bytes, at) / 1000, u64(bytes, at + 8) / 1000, index === noIndex ? undefined : index);
      return;
    }
    case 4:
      events.dropped(text(12), u64(bytes, at) / 1000, bytes.readUInt32LE(at + 8));
      return;
    case 5:
      events.users(u64(bytes, at) / 1000, bytes.readUInt32LE(at + 8), bytes.readUInt32LE(at + 12));
      return;
    case 6:
      events.data(u64(bytes, at + 8), u64(bytes, at + 16));
      return;
    case 7:
      events.check(text(0), bytes.readUInt32LE(at + 4), bytes.readUInt32LE(at + 8));
      return;
    case 8:
      events.scenarioStarted(text(8), u64(bytes, at) / 1000);
  }
}

function countsOf(bytes: Buffer, at: number): number[] {
  return kindNames.map((_, kind) => (kind === 0 ? 0 : u64(bytes, at + 8 * kind)));
}

/** Exact below 2^53, which microseconds since the epoch stay below until the year 2255. */
function u64(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 4_294_967_296;
}
