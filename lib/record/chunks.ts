import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProofloadError } from '../core/errors.ts';
import { type Block, type BlockLayout, checkFileHeader, decodeBlock, fileHeaderBytes } from './blocks.ts';
import { arrivalLayout, sampleLayout } from './layouts.ts';
import type { Warning } from './types.ts';

/** Some samples as columns of equal length; row i started at `baseMs + startUs[i] / 1000`. */
export interface SampleChunk {
  readonly count: number;
  readonly baseMs: number;
  readonly startUs: Uint32Array;
  readonly durationUs: Uint32Array;
  readonly bytesReceived: Uint32Array;
  /** Index into `names`; means the same in every chunk of a record. */
  readonly operation: Uint16Array;
  readonly status: Uint16Array;
  /** Index into `names`; 0 is '', where a response came. */
  readonly error: Uint16Array;
  readonly ok: Uint8Array;
  readonly names: readonly string[];
}

/** Some arrivals as columns; `state` is one of `arrivalStates`. */
export interface ArrivalChunk {
  readonly count: number;
  readonly baseMs: number;
  readonly intendedUs: Uint32Array;
  /** Actual start minus intended start; 0 for a dropped arrival. */
  readonly latenessUs: Int32Array;
  readonly durationUs: Uint32Array;
  readonly flow: Uint16Array;
  readonly state: Uint8Array;
  readonly names: readonly string[];
}

export function visitSamples(folder: string, visit: (chunk: SampleChunk) => void, problems: Warning[]): void {
  visitBlocks(folder, 'samples', sampleLayout, problems, (block, names) => {
    const [startUs, durationUs, bytesReceived, operation, status, error, ok] = block.columns as [
      Uint32Array,
      Uint32Array,
      Uint32Array,
      Uint16Array,
      Uint16Array,
      Uint16Array,
      Uint8Array,
    ];
    visit({ count: block.rows, baseMs: block.baseMs, startUs, durationUs, bytesReceived, operation, status, error, ok, names });
  });
}

export function visitArrivals(folder: string, visit: (chunk: ArrivalChunk) => void, problems: Warning[]): void {
  visitBlocks(folder, 'arrivals', arrivalLayout, problems, (block, names) => {
    const [intendedUs, latenessUs, durationUs, flow, state] = block.columns as [Uint32Array, Int32Array, Uint32Array, Uint16Array, Uint8Array];
    visit({ count: block.rows, baseMs: block.baseMs, intendedUs, latenessUs, durationUs, flow, state, names });
  });
}

/** Every whole block of every file of `folder`, with the names known so far; a file is given up at the first block that is not whole. */
function visitBlocks(
  folder: string,
  what: string,
  layout: BlockLayout,
  problems: Warning[],
  visit: (block: Block, names: readonly string[]) => void,
): void {
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.bin')) : [];
  for (const name of files.sort()) {
    const bytes = aligned(readFileSync(join(folder, name)));
    const header = checkFileHeader(bytes, layout);
    if (header === 'newer')
      throw new ProofloadError('record-newer', `${what}/${name} was written by a newer proofload`, { hint: 'update proofload' });
    let offset = fileHeaderBytes;
    const names: string[] = [];
    while (header === 'good' && offset < bytes.byteLength) {
      const decoded = decodeBlock(bytes, offset, layout);
      if (!decoded) break;
      names.splice(decoded.block.firstStringId, Number.POSITIVE_INFINITY, ...decoded.block.strings);
      visit(decoded.block, names);
      offset = decoded.next;
    }
    if (header !== 'good' || offset < bytes.byteLength) problems.push(cut(`${what}/${name}`, header === 'bad' ? 0 : offset, bytes.byteLength));
  }
}

function cut(file: string, readBytes: number, bytes: number): Warning {
  return {
    code: 'record-cut-off',
    message: `${file} is damaged: ${readBytes} of its ${bytes} bytes could be read`,
    advice: 'the run died while writing, or the file was changed; what comes after the damage is not counted',
    invalidates: false,
  };
}

/** The same bytes beginning at an 8-byte boundary: small files come out of a shared pool, at any offset. */
function aligned(bytes: Buffer): Uint8Array {
  return bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes);
}
