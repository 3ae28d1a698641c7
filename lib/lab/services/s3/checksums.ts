import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsError } from '../../../core/errors.ts';
import { invalidArgument, notInLab } from './errors.ts';

const algorithms = {
  CRC32: (bytes: Uint8Array) => bigEndian(crc32(bytes)),
  CRC32C: (bytes: Uint8Array) => bigEndian(crc32c(bytes)),
  SHA1: (bytes: Uint8Array) => createHash('sha1').update(bytes).digest(),
  SHA256: (bytes: Uint8Array) => createHash('sha256').update(bytes).digest(),
};

export type ChecksumAlgorithm = keyof typeof algorithms;

/** A checksum as it travels. `type`: of the whole object, or of its parts' checksums. */
export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly value: string;
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
}

/** Members of requests with the checksum of an algorithm that the lab does not have. */
const others = ['CRC64NVME', 'SHA512', 'MD5', 'XXHASH64', 'XXHASH3', 'XXHASH128'] as const;

/** Every member that carries a checksum. */
export const checksumMembers = ['ChecksumCRC32', 'ChecksumCRC32C', 'ChecksumSHA1', 'ChecksumSHA256', 'ContentMD5'] as const;

type Sent = Partial<Record<(typeof checksumMembers)[number], string | undefined>>;

export function algorithmNamed(name: string): ChecksumAlgorithm {
  if (Object.hasOwn(algorithms, name)) return name as ChecksumAlgorithm;
  if ((others as readonly string[]).includes(name)) throw notInLab(`checksum ${name}`);
  throw invalidArgument(`Checksum algorithm provided is unsupported.`, 'x-amz-checksum-algorithm', name);
}

/** Base64 of the checksum of `bytes`. */
export function checksumOf(algorithm: ChecksumAlgorithm, bytes: Uint8Array): string {
  return Buffer.from(algorithms[algorithm](bytes)).toString('base64');
}

/** Holds `bytes` against what was sent with them; the checksum that is kept with them, if there is one. @throws AwsError `BadDigest` */
export function verified(sent: Sent, bytes: Uint8Array): Checksum | undefined {
  if (sent.ContentMD5 !== undefined && createHash('md5').update(bytes).digest('base64') !== sent.ContentMD5)
    throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.');
  for (const algorithm of Object.keys(algorithms) as ChecksumAlgorithm[]) {
    const value = sent[`Checksum${algorithm}`];
    if (value === undefined) continue;
    if (checksumOf(algorithm, bytes) !== value)
      throw new AwsError('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`);
    return { algorithm, value, type: 'FULL_OBJECT' };
  }
  return undefined;
}

/** A checksum as a member of an output. */
export function checksumMember(checksum: Checksum | undefined): Record<string, string> {
  return checksum ? { [`Checksum${checksum.algorithm}`]: checksum.value, ChecksumType: checksum.type } : {};
}

function bigEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

/** Castagnoli's polynomial, reflected (RFC 3720, appendix B.4). */
const castagnoli = 0x82f63b78;
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ castagnoli : value >>> 1;
  return value >>> 0;
});

function crc32c(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) value = (table[(value ^ byte) & 255] as number) ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}
