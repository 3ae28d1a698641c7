import type { ListObjectsV2CommandInput, ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import { dateOf } from '../../../../core/time-format.ts';
import { listKeys } from '../../../../models/s3/listing.ts';
import type { LabContext, Operation } from '../../../contract.ts';
import type { Bucket } from '../bucket.ts';
import type { Buckets } from '../buckets.ts';
import { invalidArgument } from '../errors.ts';
import { only } from '../members.ts';
import { request } from '../requests.ts';

type Output = Omit<ListObjectsV2CommandOutput, '$metadata'>;

export function listObjectsV2(context: LabContext, buckets: Buckets): Operation<ListObjectsV2CommandInput, Output> {
  const known = ['Bucket', 'Delimiter', 'EncodingType', 'MaxKeys', 'Prefix', 'ContinuationToken', 'StartAfter'] as const;
  const operation: Operation<ListObjectsV2CommandInput, Output> = {
    latencyKey: 's3.list-objects',
    act(input) {
      const { Prefix = '', Delimiter = '', StartAfter = '', ContinuationToken, EncodingType } = input;
      const bucket = buckets.get(input.Bucket);
      const maxKeys = input.MaxKeys ?? context.quotas.number('s3.list-keys');
      if (!(maxKeys >= 0)) throw invalidArgument('Argument maxKeys must be an integer between 0 and 2147483647', 'maxKeys', maxKeys);
      const page = listKeys(bucket.keys(), {
        prefix: Prefix,
        delimiter: Delimiter,
        after: ContinuationToken === undefined ? StartAfter : decoded(ContinuationToken),
        maxItems: Math.min(maxKeys, context.quotas.number('s3.list-keys')),
      });
      const text = EncodingType === 'url' ? urlEncoded : (key: string): string => key;
      return {
        Name: bucket.name,
        Prefix: text(Prefix),
        ...(Delimiter === '' ? {} : { Delimiter: text(Delimiter) }),
        ...(StartAfter === '' ? {} : { StartAfter: text(StartAfter) }),
        ...(EncodingType === undefined ? {} : { EncodingType }),
        MaxKeys: maxKeys,
        KeyCount: page.keys.length + page.commonPrefixes.length,
        IsTruncated: page.next !== undefined,
        ...(ContinuationToken === undefined ? {} : { ContinuationToken }),
        ...(page.next === undefined ? {} : { NextContinuationToken: Buffer.from(page.next).toString('base64') }),
        Contents: page.keys.map((key) => ({ ...entryOf(bucket, key), Key: text(key) })),
        CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: text(prefix) })),
      };
    },
  };
  return request(context, buckets, { rate: 'read', bill: 'put' }, only(known, operation));
}

function entryOf(bucket: Bucket, key: string) {
  const object = bucket.object(key);
  return {
    LastModified: dateOf(object?.modifiedMs ?? 0),
    ETag: object?.etag ?? '',
    Size: object?.bytes.length ?? 0,
    StorageClass: 'STANDARD' as const,
    ...(object?.checksum ? { ChecksumAlgorithm: [object.checksum.algorithm], ChecksumType: object.checksum.type } : {}),
  };
}

function decoded(token: string): string {
  const text = Buffer.from(token, 'base64').toString();
  if (token === '' || Buffer.from(text).toString('base64') !== token)
    throw invalidArgument('The continuation token provided is incorrect', 'continuation-token', token);
  return text;
}

/** As S3 does it: slashes stay. */
function urlEncoded(key: string): string {
  return encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%20', '+');
}
