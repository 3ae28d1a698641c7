import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { constants, createGunzip } from 'node:zlib';
import { messageOf, ProofloadError } from '../../core/errors.ts';

/** Beginning of a file by which its format is told. */
const headBytes = 65_536;
/** Longest document that is read as a whole; summaries are some KB, reports some MB. */
const maxDocumentBytes = 128 * 2 ** 20;

/** A file of results, gzip or not, that is read as it comes. */
export interface ResultFile {
  readonly name: string;
  /** Its first characters. */
  readonly head: string;
  /** When it was last written, ms since the epoch. */
  readonly writtenMs: number;
  chunks(): AsyncIterable<Uint8Array>;
}

/** @throws ProofloadError `no-file`, `empty-file`, `bad-import` */
export async function openResults(path: string, name: string): Promise<ResultFile> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile())
    throw new ProofloadError('no-file', `${name} is no file that can be read`, { hint: 'give the file that k6 or Artillery wrote' });
  const zipped = await isGzip(path);
  const chunks = (): AsyncIterable<Uint8Array> => chunksOf(path, name, zipped);
  let head = Buffer.alloc(0);
  for await (const chunk of chunks()) {
    head = Buffer.concat([head, chunk]);
    if (head.length >= headBytes) break;
  }
  const text = head.toString('utf8').replace(/^\uFEFF/, '');
  if (text.trim() === '')
    throw new ProofloadError('empty-file', `${name} is empty`, { hint: 'the test wrote nothing: see its output, and run it again' });
  return { name, head: text, writtenMs: found.mtimeMs, chunks };
}

/** The file as one JSON value. @throws ProofloadError `bad-import` where it is cut off or is no JSON */
export async function readDocument(file: ResultFile): Promise<unknown> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of file.chunks()) {
    parts.push(chunk);
    bytes += chunk.byteLength;
    if (bytes > maxDocumentBytes)
      throw new ProofloadError('bad-import', `${file.name} is one JSON value of more than ${maxDocumentBytes / 2 ** 20} MB`, {
        hint: "no summary or report is that long; of k6's samples give the CSV (--out csv) or the JSON lines (--out json)",
      });
  }
  const text = Buffer.concat(parts)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new ProofloadError('bad-import', `${file.name} is cut off or damaged: ${messageOf(cause)}`, {
      hint: 'a summary or report counts only as a whole: let the test run to its end',
      cause,
    });
  }
}

async function isGzip(path: string): Promise<boolean> {
  const handle = await open(path);
  try {
    const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
}

async function* chunksOf(path: string, name: string, zipped: boolean): AsyncGenerator<Uint8Array> {
  const raw = createReadStream(path, { highWaterMark: 1 << 18 });
  // With this flush, what was written before a gzip file was cut off still comes out.
  const stream = zipped ? raw.pipe(createGunzip({ finishFlush: constants.Z_SYNC_FLUSH })) : raw;
  if (stream !== raw) raw.on('error', (error) => stream.destroy(error));
  try {
    for await (const chunk of stream) yield chunk as Uint8Array;
  } catch (cause) {
    throw new ProofloadError('bad-import', `${name} cannot be read: ${messageOf(cause)}`, { hint: 'fetch the file again', cause });
  } finally {
    raw.destroy();
  }
}
