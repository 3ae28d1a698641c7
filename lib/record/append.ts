import { closeSync, openSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type BlockLayout, type Column, encodeBlock, encodeFileHeader } from './blocks.ts';

/** Rows after which a new file is begun: some 5 MB of samples, so that a reader never holds more than that. */
const rowsPerFile = 262_144;

/** Ids are 16 bits wide; the last one stands for every name that came after the dictionary was full. */
const maxStrings = 65_535;
const overflowName = '(too many different names)';
const maxNameLength = 1_000;

/** Replaces a file as a whole: whoever reads it sees the old text or the new one. */
export function writeAtomically(path: string, text: string): void {
  writeFileSync(`${path}.tmp`, text);
  renameSync(`${path}.tmp`, path);
}

/** A file that only grows. What `append` was given is the operating system's when it returns: a killed process loses nothing of it. */
export function openAppend(path: string): { append(bytes: Uint8Array | string): void; close(): void } {
  const fd = openSync(path, 'a');
  return {
    append(bytes) {
      const all = typeof bytes === 'string' ? Buffer.from(bytes, 'utf8') : bytes;
      for (let at = 0; at < all.byteLength; ) at += writeSync(fd, all, at);
    },
    close: () => closeSync(fd),
  };
}

/** Names by number. Ids are the same in all files of a record; each file repeats the names that came before it. */
export function createDictionary(): { id(name: string): number; from(first: number): string[]; readonly size: number } {
  const ids = new Map<string, number>([['', 0]]);
  const names = [''];
  return {
    id(name) {
      const known = ids.get(name);
      if (known !== undefined) return known;
      const text = names.length < maxStrings - 1 ? name.slice(0, maxNameLength) : overflowName;
      const id = ids.get(text) ?? names.push(text) - 1;
      ids.set(text, id);
      return id;
    },
    from: (first) => names.slice(first),
    get size() {
      return names.length;
    },
  };
}

/** Appends blocks to `folder/0000.bin`, `0001.bin`, ...; a new file when one is full. */
export function createBlockAppender(folder: string, layout: BlockLayout, dictionary: ReturnType<typeof createDictionary>) {
  let file: ReturnType<typeof openAppend> | undefined;
  let files = 0;
  let rowsInFile = 0;
  let stringsInFile = 0;
  const begin = (): ReturnType<typeof openAppend> => {
    file?.close();
    file = openAppend(join(folder, `${String(files++).padStart(4, '0')}.bin`));
    file.append(encodeFileHeader(layout));
    rowsInFile = 0;
    stringsInFile = 0;
    return file;
  };
  return {
    append(baseMs: number, rows: number, columns: readonly Column[]): void {
      const to = file && rowsInFile < rowsPerFile ? file : begin();
      const strings = dictionary.from(stringsInFile);
      to.append(encodeBlock({ baseMs, rows, strings, firstStringId: stringsInFile, columns }));
      rowsInFile += rows;
      stringsInFile += strings.length;
    },
    close(): void {
      file?.close();
      file = undefined;
    },
  };
}
