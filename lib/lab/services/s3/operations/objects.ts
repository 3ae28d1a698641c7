import { createHash } from 'node:crypto';
import type {
  DeleteObjectCommandInput,
  DeleteObjectsCommandInput,
  DeleteObjectsCommandOutput,
  GetObjectCommandInput,
  HeadObjectCommandInput,
  PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import { AwsError } from '../../../../core/errors.ts';
import { dateOf } from '../../../../core/time-format.ts';
import { type ByteRange, byteRange } from '../../../../models/s3/byte-range.ts';
import type { LabContext, Operation } from '../../../contract.ts';
import type { ObjectHeaders, StoredObject } from '../bucket.ts';
import type { Buckets } from '../buckets.ts';
import { checksumMember, checksumMembers, verified } from '../checksums.ts';
import { assertReadable, assertWritable } from '../conditions.ts';
import { only } from '../members.ts';
import { request } from '../requests.ts';

/** Members that an object keeps as its headers. */
export const headerMembers = [
  'CacheControl',
  'ContentDisposition',
  'ContentEncoding',
  'ContentLanguage',
  'ContentType',
  'Expires',
  'Metadata',
] as const;

const readConditions = ['IfMatch', 'IfNoneMatch', 'IfModifiedSince', 'IfUnmodifiedSince'] as const;

/** Gives an object's headers, and refuses what AWS refuses of a key and its metadata. */
export function headersOf(context: LabContext, key: string, input: ObjectHeaders): ObjectHeaders {
  if (Buffer.byteLength(key) > context.quotas.number('s3.key-bytes')) throw new AwsError('KeyTooLongError', 'Your key is too long');
  const metadataBytes = Object.entries(input.Metadata ?? {}).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value),
    0,
  );
  if (metadataBytes > context.quotas.number('s3.metadata-bytes'))
    throw new AwsError('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size');
  return Object.fromEntries(headerMembers.flatMap((name) => (input[name] === undefined ? [] : [[name, input[name]]])));
}

export function putObject(context: LabContext, buckets: Buckets): Operation<PutObjectCommandInput, object> {
  const known = ['Bucket', 'Key', 'Body', 'IfMatch', 'IfNoneMatch', ...headerMembers, ...checksumMembers] as const;
  const operation: Operation<PutObjectCommandInput, object> = {
    latencyKey: 's3.put-object',
    act(input) {
      const { Bucket, Key = '' } = input;
      const bucket = buckets.get(Bucket);
      const headers = headersOf(context, Key, input);
      const bytes = bodyOf(input.Body);
      const checksum = verified(input, bytes);
      assertWritable(bucket.object(Key), Key, input);
      const etag = `"${createHash('md5').update(bytes).digest('hex')}"`;
      buckets.put(bucket, Key, { bytes, etag, modifiedMs: context.clock.now(), headers, checksum });
      return { ETag: etag, ServerSideEncryption: 'AES256', ...checksumMember(checksum) };
    },
  };
  return request(context, buckets, { rate: 'write', bill: 'put' }, only(known, operation));
}

/** The body of a request, which the wire format gives as bytes. */
export function bodyOf(body: unknown): Uint8Array {
  return body instanceof Uint8Array ? body : new Uint8Array(0);
}

export function getObject(context: LabContext, buckets: Buckets): Operation<GetObjectCommandInput, object> {
  const known = [...readConditions, 'Bucket', 'Key', 'Range', 'ChecksumMode', ...responseMembers] as const;
  const operation: Operation<GetObjectCommandInput, object> = {
    latencyKey: 's3.get-object',
    act(input) {
      const { object, range } = asked(buckets, input);
      const body = range ? object.bytes.subarray(range.first, range.last + 1) : object.bytes;
      return { ...described(object, range, input.ChecksumMode === 'ENABLED'), ...overridden(input), Body: body };
    },
  };
  return request(context, buckets, { rate: 'read', bill: 'get' }, only(known, operation));
}

export function headObject(context: LabContext, buckets: Buckets): Operation<HeadObjectCommandInput, object> {
  const known = [...readConditions, 'Bucket', 'Key', 'Range', 'ChecksumMode'] as const;
  const operation: Operation<HeadObjectCommandInput, object> = {
    latencyKey: 's3.head-object',
    act(input) {
      const { object, range } = asked(buckets, input);
      return described(object, range, input.ChecksumMode === 'ENABLED');
    },
  };
  return request(context, buckets, { rate: 'read', bill: 'get' }, only(known, operation));
}

function asked(buckets: Buckets, input: GetObjectCommandInput | HeadObjectCommandInput): { object: StoredObject; range: ByteRange | undefined } {
  const object = buckets.object(input.Bucket, input.Key);
  assertReadable(object, input);
  const range = input.Range === undefined ? undefined : byteRange(input.Range, object.bytes.length);
  if (range === 'unsatisfiable')
    throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416, {
      RangeRequested: input.Range,
      ActualObjectSize: object.bytes.length,
    });
  return { object, range };
}

function described({ bytes, etag, modifiedMs, headers, checksum }: StoredObject, range: ByteRange | undefined, withChecksum: boolean): object {
  return {
    ContentType: 'binary/octet-stream',
    ...headers,
    AcceptRanges: 'bytes',
    ETag: etag,
    LastModified: dateOf(modifiedMs),
    ServerSideEncryption: 'AES256',
    ContentLength: range ? range.last - range.first + 1 : bytes.length,
    ...(range ? { ContentRange: `bytes ${range.first}-${range.last}/${bytes.length}` } : {}),
    ...(withChecksum && !range ? checksumMember(checksum) : {}),
  };
}

/** `response-content-type` and its like in the query, of presigned URLs mostly. */
const responseMembers = [
  'ResponseCacheControl',
  'ResponseContentDisposition',
  'ResponseContentEncoding',
  'ResponseContentLanguage',
  'ResponseContentType',
  'ResponseExpires',
] as const;

function overridden(input: GetObjectCommandInput): object {
  return Object.fromEntries(responseMembers.flatMap((name) => (input[name] === undefined ? [] : [[name.slice('Response'.length), input[name]]])));
}

export function deleteObject(context: LabContext, buckets: Buckets): Operation<DeleteObjectCommandInput, object> {
  const operation: Operation<DeleteObjectCommandInput, object> = {
    latencyKey: 's3.delete-object',
    act({ Bucket, Key = '', IfMatch }) {
      const bucket = buckets.get(Bucket);
      if (IfMatch !== undefined) assertWritable(bucket.object(Key), Key, { IfMatch });
      buckets.delete(bucket, Key);
      return {};
    },
  };
  return request(context, buckets, { rate: 'write', bill: 'free' }, only(['Bucket', 'Key', 'IfMatch'], operation));
}

export function deleteObjects(
  context: LabContext,
  buckets: Buckets,
): Operation<DeleteObjectsCommandInput, Omit<DeleteObjectsCommandOutput, '$metadata'>> {
  const operation: Operation<DeleteObjectsCommandInput, Omit<DeleteObjectsCommandOutput, '$metadata'>> = {
    latencyKey: 's3.delete-object',
    act({ Bucket, Delete }) {
      const bucket = buckets.get(Bucket);
      const keys = (Delete?.Objects ?? []).map(({ Key = '' }) => Key);
      if (keys.length === 0 || keys.length > context.quotas.number('s3.delete-objects'))
        throw new AwsError('MalformedXML', 'The XML you provided was not well-formed or did not validate against our published schema');
      for (const key of keys) buckets.delete(bucket, key);
      return Delete?.Quiet ? {} : { Deleted: keys.map((Key) => ({ Key })) };
    },
  };
  return request(context, buckets, { rate: 'write', bill: 'free' }, only(['Bucket', 'Delete'], operation));
}
