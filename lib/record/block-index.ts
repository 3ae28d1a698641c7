import { closeSync, existsSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { ProofloadError } from '../core/errors.ts';
import { type Block, type BlockLayout, checkFileHeader, decodeBlock, fileHeaderBytes } from './blocks.ts';
import type { Warning, Window } from './types.ts';

/** Where the whole blocks of a folder's files lie and which times they hold: what is read again is neither checked again nor searched for. */
export interface BlockIndex {
  readonly rows: number;
  readonly layout: BlockLayout;
  readonly files: readonly IndexedFile[];
}

interface IndexedFile {
  readonly path: string;
  readonly blocks: readonly IndexedBlock[];
  /** The names of the file, and others after them; a block uses those that were known when it was written, by the same numbers. */
  readonly names: readonly string[];
}

interface IndexedBlock {
  readonly offset: number;
  readonly end: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

/** Blocks that lie side by side are read together up to so many bytes: few calls, and little enough for the processor's cache. */
const readBytes = 1 << 20;

/** Finds every whole block of every file of `folder`; a file is given up at the first block that is not whole, and `problems` says so. */
export function indexBlocks(folder: string, what: string, layout: BlockLayout, problems: Warning[]): BlockIndex {
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.bin')) : [];
  const buffer = new ReusedBuffer();
  let rows = 0;
  let allNames: string[] = [];
  const indexed = files.sort().map((name): IndexedFile => {
    const path = join(folder, name);
    const bytes = readWhole(path, buffer);
    const header = checkFileHeader(bytes, layout);
    if (header === 'newer')
      throw new ProofloadError('record-newer', `${what}/${name} was written by a newer proofload`, { hint: 'update proofload' });
    let offset = fileHeaderBytes;
    const names: string[] = [];
    const blocks: IndexedBlock[] = [];
    while (header === 'good' && offset < bytes.byteLength) {
      const decoded = decodeBlock(bytes, offset, layout);
      if (!decoded) break;
      names.splice(decoded.block.firstStringId, Number.POSITIVE_INFINITY, ...decoded.block.strings);
      blocks.push({ offset, end: decoded.next, ...timesOf(decoded.block) });
      rows += decoded.block.rows;
      offset = decoded.next;
    }
    if (header !== 'good' || offset < bytes.byteLength) problems.push(cut(`${what}/${name}`, header === 'bad' ? 0 : offset, bytes.byteLength));
    allNames = together(allNames, names);
    return { path, blocks, names: allNames };
  });
  return { rows, layout, files: indexed };
}

/** Files repeat the names of those before them, by the same numbers: then one list serves all of them. */
function together(known: string[], names: string[]): string[] {
  if (names.some((name, id) => id < known.length && known[id] !== name)) return names;
  for (let id = known.length; id < names.length; id++) known.push(names[id] ?? '');
  return known;
}

/** Every block in the order in which they were written; with `within`, only those that may hold a row whose time lies in it. */
export function visitBlocks({ layout, files }: BlockIndex, visit: (block: Block, names: readonly string[]) => void, within?: Window): void {
  const buffer = new ReusedBuffer();
  for (const { path, blocks, names } of files) {
    const wanted = within ? blocks.filter(({ firstMs, lastMs }) => firstMs < within.endMs && lastMs >= within.startMs) : blocks;
    if (wanted.length === 0) continue;
    const fd = openSync(path, 'r');
    try {
      for (const run of runsOf(wanted)) {
        const bytes = buffer.read(fd, run.offset, run.end - run.offset);
        let decoded = decodeBlock(bytes, 0, layout, false);
        while (decoded) {
          visit(decoded.block, names);
          decoded = decodeBlock(bytes, decoded.next, layout, false);
        }
      }
    } finally {
      closeSync(fd);
    }
  }
}

/** Stretches of the file that are read at once. */
function runsOf(blocks: readonly IndexedBlock[]): { offset: number; end: number }[] {
  const runs: { offset: number; end: number }[] = [];
  for (const { offset, end } of blocks) {
    const last = runs.at(-1);
    if (last && last.end === offset && end - last.offset <= readBytes) last.end = end;
    else runs.push({ offset, end });
  }
  return runs;
}

/** A block's base is the time of its first row, as the first column counts from there. */
function timesOf({ baseMs, columns: [times = [] as never] }: Block): { firstMs: number; lastMs: number } {
  let lastUs = 0;
  for (let row = 0; row < times.length; row++) lastUs = Math.max(lastUs, times[row] as number);
  return { firstMs: baseMs, lastMs: baseMs + lastUs / 1000 };
}

/** Files of a record are read one after the other into the same memory, which begins at an 8-byte boundary. */
class ReusedBuffer {
  #memory = new Uint8Array(0);

  /** `length` bytes from `position` on, fewer where the file ends before; good until the next call. */
  read(fd: number, position: number, length: number): Uint8Array {
    if (this.#memory.byteLength < length) this.#memory = new Uint8Array(Math.max(length, readBytes));
    let read = 0;
    while (read < length) {
      const more = readSync(fd, this.#memory, read, length - read, position + read);
      if (more === 0) break;
      read += more;
    }
    return this.#memory.subarray(0, read);
  }
}

function readWhole(path: string, buffer: ReusedBuffer): Uint8Array {
  const fd = openSync(path, 'r');
  try {
    return buffer.read(fd, 0, fstatSync(fd).size);
  } finally {
    closeSync(fd);
  }
}

function cut(file: string, readable: number, bytes: number): Warning {
  return {
    code: 'record-cut-off',
    message: `${file} is damaged: ${readable} of its ${bytes} bytes could be read`,
    advice: 'the run died while writing, or the file was changed; what comes after the damage is not counted',
    invalidates: false,
  };
}
