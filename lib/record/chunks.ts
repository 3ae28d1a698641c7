import { join } from 'node:path';
import { type BlockIndex, indexBlocks, visitBlocks } from './block-index.ts';
import type { Block } from './blocks.ts';
import { arrivalLayout, pieces, sampleLayout } from './layouts.ts';
import type { Warning, Window } from './types.ts';

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

/** The chunks of one kind in a record. */
export interface Chunks<Chunk> {
  readonly rows: number;
  /**
   * All of them in the order in which they were written; with `within`, only those that may hold a row whose time lies in it. The columns are only good
   * during the call.
   */
  forEach(visit: (chunk: Chunk) => void, within?: Window): void;
}

export function openSamples(root: string, problems: Warning[]): Chunks<SampleChunk> {
  return chunksOf(indexBlocks(join(root, pieces.samples), pieces.samples, sampleLayout, problems), (block, names) => {
    const [startUs, durationUs, bytesReceived, operation, status, error, ok] = block.columns as [
      Uint32Array,
      Uint32Array,
      Uint32Array,
      Uint16Array,
      Uint16Array,
      Uint16Array,
      Uint8Array,
    ];
    return { count: block.rows, baseMs: block.baseMs, startUs, durationUs, bytesReceived, operation, status, error, ok, names };
  });
}

export function openArrivals(root: string, problems: Warning[]): Chunks<ArrivalChunk> {
  return chunksOf(indexBlocks(join(root, pieces.arrivals), pieces.arrivals, arrivalLayout, problems), (block, names) => {
    const [intendedUs, latenessUs, durationUs, flow, state] = block.columns as [Uint32Array, Int32Array, Uint32Array, Uint16Array, Uint8Array];
    return { count: block.rows, baseMs: block.baseMs, intendedUs, latenessUs, durationUs, flow, state, names };
  });
}

function chunksOf<Chunk>(index: BlockIndex, chunkOf: (block: Block, names: readonly string[]) => Chunk): Chunks<Chunk> {
  return { rows: index.rows, forEach: (visit, within) => visitBlocks(index, (block, names) => visit(chunkOf(block, names)), within) };
}
