import { createHash } from 'node:crypto';
import type {
  AbortMultipartUploadCommandInput,
  CompletedPart,
  CompleteMultipartUploadCommandInput,
  CreateMultipartUploadCommandInput,
  ListPartsCommandInput,
  UploadPartCommandInput,
} from '@aws-sdk/client-s3';
import { AwsError } from '../../../../core/errors.ts';
import { dateOf } from '../../../../core/time-format.ts';
import type { LabContext, Operation } from '../../../contract.ts';
import type { Bucket, Upload, UploadedPart } from '../bucket.ts';
import type { Buckets } from '../buckets.ts';
import { algorithmNamed, type Checksum, checksumMember, checksumMembers, checksumOf, verified } from '../checksums.ts';
import { assertWritable } from '../conditions.ts';
import { invalidArgument, noSuchUpload } from '../errors.ts';
import { only } from '../members.ts';
import { request } from '../requests.ts';
import { bodyOf, headerMembers, headersOf } from './objects.ts';

export function createMultipartUpload(context: LabContext, buckets: Buckets): Operation<CreateMultipartUploadCommandInput, object> {
  const known = ['Bucket', 'Key', 'ChecksumAlgorithm', 'ChecksumType', ...headerMembers] as const;
  const operation: Operation<CreateMultipartUploadCommandInput, object> = {
    latencyKey: 's3.multipart',
    act(input) {
      const { Bucket, Key = '', ChecksumAlgorithm, ChecksumType = 'COMPOSITE' } = input;
      const bucket = buckets.get(Bucket);
      const id = context.rng.hex(48);
      const algorithm = ChecksumAlgorithm === undefined ? undefined : algorithmNamed(ChecksumAlgorithm);
      const headers = headersOf(context, Key, input);
      bucket.uploads.set(id, { id, key: Key, headers, algorithm, checksumType: ChecksumType as Checksum['type'], parts: new Map() });
      return { Bucket, Key, UploadId: id, ...(algorithm ? { ChecksumAlgorithm: algorithm, ChecksumType } : {}) };
    },
  };
  return request(context, buckets, { rate: 'write', bill: 'put' }, only(known, operation));
}

export function uploadPart(context: LabContext, buckets: Buckets): Operation<UploadPartCommandInput, object> {
  const known = ['Bucket', 'Key', 'PartNumber', 'UploadId', 'Body', ...checksumMembers] as const;
  const operation: Operation<UploadPartCommandInput, object> = {
    latencyKey: 's3.upload-part',
    act(input) {
      const { PartNumber = 0 } = input;
      const { upload } = uploadOf(buckets, input);
      const most = context.quotas.number('s3.parts');
      if (!(PartNumber >= 1 && PartNumber <= most))
        throw invalidArgument(`Part number must be an integer between 1 and ${most}, inclusive`, 'partNumber', PartNumber);
      const bytes = bodyOf(input.Body);
      const checksum = verified(input, bytes);
      buckets.reserve(bytes.length - (upload.parts.get(PartNumber)?.bytes.length ?? 0));
      const etag = `"${createHash('md5').update(bytes).digest('hex')}"`;
      upload.parts.set(PartNumber, { bytes, etag, modifiedMs: context.clock.now(), checksum });
      const { ChecksumType: _, ...sums } = checksumMember(checksum);
      return { ETag: etag, ...sums };
    },
  };
  return request(context, buckets, { rate: 'write', bill: 'put' }, only(known, operation));
}

export function completeMultipartUpload(context: LabContext, buckets: Buckets): Operation<CompleteMultipartUploadCommandInput, object> {
  const known = ['Bucket', 'Key', 'UploadId', 'MultipartUpload', 'IfMatch', 'IfNoneMatch', 'ChecksumType'] as const;
  const operation: Operation<CompleteMultipartUploadCommandInput, object> = {
    latencyKey: 's3.multipart',
    act(input) {
      const { Key = '' } = input;
      const { bucket, upload } = uploadOf(buckets, input);
      const parts = completedParts(upload, input.MultipartUpload?.Parts ?? [], context.quotas.number('s3.part-bytes-min'));
      assertWritable(bucket.object(Key), Key, input);
      const bytes = Buffer.concat(parts.map((part) => part.bytes));
      const etag = `"${md5OfAll(parts)}-${parts.length}"`;
      const checksum = checksumOfAll(upload, parts, bytes);
      drop(buckets, bucket, upload);
      buckets.put(bucket, Key, { bytes, etag, modifiedMs: context.clock.now(), headers: upload.headers, checksum });
      return { Bucket: bucket.name, Key, Location: `${context.endpoint()}/${bucket.name}/${Key}`, ETag: etag, ...checksumMember(checksum) };
    },
  };
  return request(context, buckets, { rate: 'write', bill: 'put' }, only(known, operation));
}

export function abortMultipartUpload(context: LabContext, buckets: Buckets): Operation<AbortMultipartUploadCommandInput, object> {
  const operation: Operation<AbortMultipartUploadCommandInput, object> = {
    latencyKey: 's3.multipart',
    act(input) {
      const { bucket, upload } = uploadOf(buckets, input);
      drop(buckets, bucket, upload);
      return {};
    },
  };
  return request(context, buckets, { rate: 'write', bill: 'free' }, only(['Bucket', 'Key', 'UploadId'], operation));
}

export function listParts(context: LabContext, buckets: Buckets): Operation<ListPartsCommandInput, object> {
  const operation: Operation<ListPartsCommandInput, object> = {
    latencyKey: 's3.list-objects',
    act(input) {
      const { bucket, upload } = uploadOf(buckets, input);
      const most = Math.min(input.MaxParts ?? Number.POSITIVE_INFINITY, context.quotas.number('s3.list-keys'));
      const after = Number(input.PartNumberMarker ?? 0);
      const later = [...upload.parts].filter(([number]) => number > after).sort(([a], [b]) => a - b);
      const page = later.slice(0, most);
      return {
        ...{ Bucket: bucket.name, Key: upload.key, UploadId: upload.id, MaxParts: most, PartNumberMarker: String(after) },
        ...{ IsTruncated: later.length > page.length, NextPartNumberMarker: String(page.at(-1)?.[0] ?? 0), StorageClass: 'STANDARD' },
        Parts: page.map(([PartNumber, { bytes, etag, modifiedMs }]) => ({
          ...{ PartNumber, ETag: etag, Size: bytes.length },
          LastModified: dateOf(modifiedMs),
        })),
      };
    },
  };
  return request(context, buckets, { rate: 'read', bill: 'put' }, only(['Bucket', 'Key', 'UploadId', 'MaxParts', 'PartNumberMarker'], operation));
}

interface OfUpload {
  readonly Bucket?: string | undefined;
  readonly Key?: string | undefined;
  readonly UploadId?: string | undefined;
}

function uploadOf(buckets: Buckets, { Bucket, Key, UploadId = '' }: OfUpload): { bucket: Bucket; upload: Upload } {
  const bucket = buckets.get(Bucket);
  const upload = bucket.uploads.get(UploadId);
  if (upload?.key !== Key || !upload) throw noSuchUpload(UploadId);
  return { bucket, upload };
}

function drop(buckets: Buckets, bucket: Bucket, upload: Upload): void {
  for (const { bytes } of upload.parts.values()) buckets.free(bytes.length);
  bucket.uploads.delete(upload.id);
}

/** The parts that are named, in their order. @throws AwsError `InvalidPartOrder`, `InvalidPart`, `EntityTooSmall` */
function completedParts(upload: Upload, named: readonly CompletedPart[], leastBytes: number): UploadedPart[] {
  if (named.length === 0)
    throw new AwsError('MalformedXML', 'The XML you provided was not well-formed or did not validate against our published schema');
  return named.map(({ PartNumber = 0, ETag = '' }, index) => {
    if (index > 0 && PartNumber <= (named[index - 1]?.PartNumber ?? 0))
      throw new AwsError('InvalidPartOrder', 'The list of parts was not in ascending order. Parts must be ordered by part number.');
    const part = upload.parts.get(PartNumber);
    if (!part || part.etag.replaceAll('"', '') !== ETag.replaceAll('"', '')) throw invalidPart(upload, PartNumber, ETag);
    if (index < named.length - 1 && part.bytes.length < leastBytes)
      throw new AwsError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', 400, {
        ...{ ProposedSize: part.bytes.length, MinSizeAllowed: leastBytes, PartNumber, ETag },
      });
    return part;
  });
}

function invalidPart({ id }: Upload, PartNumber: number, ETag: string): AwsError {
  const message =
    "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.";
  return new AwsError('InvalidPart', message, 400, { UploadId: id, PartNumber, ETag });
}

/** The ETag of an object of parts: the MD5 of their MD5s. */
function md5OfAll(parts: readonly UploadedPart[]): string {
  const hash = createHash('md5');
  for (const { etag } of parts) hash.update(Buffer.from(etag.replaceAll('"', ''), 'hex'));
  return hash.digest('hex');
}

function checksumOfAll({ algorithm, checksumType }: Upload, parts: readonly UploadedPart[], bytes: Uint8Array): Checksum | undefined {
  if (algorithm === undefined) return undefined;
  if (checksumType === 'FULL_OBJECT') return { algorithm, value: checksumOf(algorithm, bytes), type: checksumType };
  const sums = parts.map((part) =>
    Buffer.from(part.checksum?.algorithm === algorithm ? part.checksum.value : checksumOf(algorithm, part.bytes), 'base64'),
  );
  return { algorithm, value: `${checksumOf(algorithm, Buffer.concat(sums))}-${parts.length}`, type: 'COMPOSITE' };
}
