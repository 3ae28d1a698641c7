import { crc32 } from 'node:zlib';

/**
 * Columnar blocks: what `samples/NNNN.bin` and `arrivals/NNNN.bin` consist of. A file is a header of 16 bytes and blocks one after the other,
 * one for each flush; a block is whole or it is not there (length and CRC-32 say so), so a crash costs the block being written and no more.
 *
 *     file header   'PLRC' u8[4] | kind u32 | format version u32 | bytes a row u32
 *     block         'PLB1' u32 | CRC-32 of the rest u32 | length with header u32 | rows u32 | base ms f64 | strings bytes u32 | first string id u32
 *                   strings (count u32, then length u16 and UTF-8 each; padded to 8) | columns, widest first | padding to 8
 *
 * Numbers are little-endian, as every machine that Node runs on writes them; columns are read in place, without a copy.
 */
const blockFormatVersion = 1;

const fileMagic = 0x43524c50; // 'PLRC'
const blockMagic = 0x31424c50; // 'PLB1'
export const fileHeaderBytes = 16;
const blockHeaderBytes = 32;

export type Column = Uint32Array | Int32Array | Uint16Array | Uint8Array;

/** The columns of one kind of file, widest first, so that each is aligned where it lies. */
export interface BlockLayout {
  /** Number in the file header: 1 samples, 2 arrivals. */
  readonly kind: number;
  readonly columns: readonly ('u32' | 'i32' | 'u16' | 'u8')[];
}

export interface Block {
  readonly baseMs: number;
  readonly rows: number;
  /** Strings that the block adds to its file's dictionary, from `firstStringId` on. */
  readonly strings: readonly string[];
  readonly firstStringId: number;
  readonly columns: readonly Column[];
}

const widths = { u32: 4, i32: 4, u16: 2, u8: 1 } as const;

function rowBytes(layout: BlockLayout): number {
  return layout.columns.reduce((sum, type) => sum + widths[type], 0);
}

export function encodeFileHeader(layout: BlockLayout): Uint8Array {
  const header = new DataView(new ArrayBuffer(fileHeaderBytes));
  header.setUint32(0, fileMagic, true);
  header.setUint32(4, layout.kind, true);
  header.setUint32(8, blockFormatVersion, true);
  header.setUint32(12, rowBytes(layout), true);
  return new Uint8Array(header.buffer);
}

export function encodeBlock(block: Block): Uint8Array {
  const strings = encodeStrings(block.strings);
  const columnBytes = block.columns.reduce((sum, column) => sum + column.byteLength, 0);
  const length = padded(blockHeaderBytes + strings.byteLength + columnBytes);
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, blockMagic, true);
  view.setUint32(8, length, true);
  view.setUint32(12, block.rows, true);
  view.setFloat64(16, block.baseMs, true);
  view.setUint32(24, strings.byteLength, true);
  view.setUint32(28, block.firstStringId, true);
  bytes.set(strings, blockHeaderBytes);
  let at = blockHeaderBytes + strings.byteLength;
  for (const column of block.columns) {
    bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), at);
    at += column.byteLength;
  }
  view.setUint32(4, crc32(bytes.subarray(8)), true);
  return bytes;
}

/** What a file's header says: `bad` is not such a file, `newer` was written by a later version, `short` ends before its header does. */
export function checkFileHeader(bytes: Uint8Array, layout: BlockLayout): 'good' | 'bad' | 'newer' | 'short' {
  if (bytes.byteLength < fileHeaderBytes) return 'short';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== fileMagic || view.getUint32(4, true) !== layout.kind) return 'bad';
  if (view.getUint32(8, true) > blockFormatVersion) return 'newer';
  return view.getUint32(12, true) === rowBytes(layout) ? 'good' : 'bad';
}

/**
 * The block of `bytes` at `offset`, and where the next one begins; undefined when no whole block lies there.
 * `bytes` must begin at an 8-byte boundary of its buffer, because the columns are views into it.
 * @param verify false where the checksum of the block was found to be right before
 */
export function decodeBlock(bytes: Uint8Array, offset: number, layout: BlockLayout, verify = true): { block: Block; next: number } | undefined {
  if (offset + blockHeaderBytes > bytes.byteLength) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset);
  const length = view.getUint32(8, true);
  if (view.getUint32(0, true) !== blockMagic || length < blockHeaderBytes || length % 8 !== 0 || offset + length > bytes.byteLength) return undefined;
  if (verify && crc32(bytes.subarray(offset + 8, offset + length)) !== view.getUint32(4, true)) return undefined;
  const rows = view.getUint32(12, true);
  const stringBytes = view.getUint32(24, true);
  const columnsAt = blockHeaderBytes + stringBytes;
  if (columnsAt + rows * rowBytes(layout) > length) return undefined;
  const strings = decodeStrings(bytes.subarray(offset + blockHeaderBytes, offset + columnsAt));
  const columns = columnsIn(bytes, offset + columnsAt, rows, layout);
  const block = { baseMs: view.getFloat64(16, true), rows, strings, firstStringId: view.getUint32(28, true), columns };
  return { block, next: offset + length };
}

function columnsIn(bytes: Uint8Array, offset: number, rows: number, layout: BlockLayout): Column[] {
  let at = bytes.byteOffset + offset;
  return layout.columns.map((type) => {
    const start = at;
    at += rows * widths[type];
    if (type === 'u32') return new Uint32Array(bytes.buffer, start, rows);
    if (type === 'i32') return new Int32Array(bytes.buffer, start, rows);
    if (type === 'u16') return new Uint16Array(bytes.buffer, start, rows);
    return new Uint8Array(bytes.buffer, start, rows);
  });
}

function encodeStrings(strings: readonly string[]): Uint8Array {
  const texts = strings.map((text) => Buffer.from(text, 'utf8'));
  const bytes = Buffer.alloc(padded(4 + texts.reduce((sum, text) => sum + 2 + text.byteLength, 0)));
  bytes.writeUInt32LE(texts.length, 0);
  let at = 4;
  for (const text of texts) {
    at = bytes.writeUInt16LE(text.byteLength, at);
    at += text.copy(bytes, at);
  }
  return bytes;
}

function decodeStrings(bytes: Uint8Array): string[] {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.byteLength < 4) return [];
  const strings: string[] = [];
  let at = 4;
  for (let left = view.readUInt32LE(0); left > 0; left--) {
    const length = view.readUInt16LE(at);
    strings.push(view.toString('utf8', at + 2, at + 2 + length));
    at += 2 + length;
  }
  return strings;
}

function padded(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}
