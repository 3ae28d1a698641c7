import { inflateRawSync } from 'node:zlib';
import { ProofloadError } from '../../core/errors.ts';

/**
 * Reads the files of a zip archive (PKWARE APPNOTE: end record, central directory, local headers), stored or deflated entries.
 * Enough for what `zip` and the AWS CLI upload; encrypted, split and Zip64 archives are refused.
 * @throws ProofloadError `bad-zip` when it is none, or when it unpacks to more than `maxBytes`.
 */
export function readZip(bytes: Uint8Array, maxBytes: number): Map<string, Uint8Array> {
  const zip = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endRecord(zip);
  const entries = zip.readUInt16LE(end + 10);
  let at = zip.readUInt32LE(end + 16);
  let total = 0;
  const files = new Map<string, Uint8Array>();
  for (let i = 0; i < entries; i++) {
    const entry = centralEntry(zip, at);
    at = entry.next;
    if (entry.name.endsWith('/')) continue;
    total += entry.size;
    if (total > maxBytes) throw bad(`it unpacks to more than ${maxBytes} bytes`);
    files.set(entry.name, contents(zip, entry));
  }
  return files;
}

const endSignature = 0x06054b50;
const centralSignature = 0x02014b50;
const localSignature = 0x04034b50;
const zip64 = 0xffffffff;

interface Entry {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly packed: number;
  readonly size: number;
  readonly local: number;
  readonly next: number;
}

function endRecord(zip: Buffer): number {
  for (let at = zip.length - 22; at >= Math.max(0, zip.length - 22 - 0xffff); at--) if (zip.readUInt32LE(at) === endSignature) return at;
  throw bad('it has no end record');
}

function centralEntry(zip: Buffer, at: number): Entry {
  if (at + 46 > zip.length || zip.readUInt32LE(at) !== centralSignature) throw bad('its directory is damaged');
  const nameEnd = at + 46 + zip.readUInt16LE(at + 28);
  return {
    name: zip.toString('utf8', at + 46, nameEnd),
    flags: zip.readUInt16LE(at + 8),
    method: zip.readUInt16LE(at + 10),
    packed: zip.readUInt32LE(at + 20),
    size: zip.readUInt32LE(at + 24),
    local: zip.readUInt32LE(at + 42),
    next: nameEnd + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32),
  };
}

function contents(zip: Buffer, { name, flags, method, packed, size, local }: Entry): Uint8Array {
  if (flags & 1) throw bad(`${name} is encrypted`);
  if (local === zip64 || packed === zip64 || size === zip64) throw bad(`${name} needs Zip64`);
  if (local + 30 > zip.length || zip.readUInt32LE(local) !== localSignature) throw bad(`${name} is damaged`);
  const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  const data = zip.subarray(from, from + packed);
  if (data.length !== packed) throw bad(`${name} is cut off`);
  if (method === 0) return data;
  if (method !== 8) throw bad(`${name} is packed by method ${method}, not stored or deflated`);
  try {
    return inflateRawSync(data, { maxOutputLength: Math.max(1, size) });
  } catch (cause) {
    throw bad(`${name} does not unpack`, cause);
  }
}

function bad(why: string, cause?: unknown): ProofloadError {
  return new ProofloadError('bad-zip', `not a zip archive that the lab reads: ${why}`, { cause });
}
