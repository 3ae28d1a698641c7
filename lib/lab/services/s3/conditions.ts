import type { GetObjectCommandInput } from '@aws-sdk/client-s3';
import { AwsError } from '../../../core/errors.ts';
import type { StoredObject } from './bucket.ts';
import { noSuchKey, notInLab, preconditionFailed } from './errors.ts';

type ReadConditions = Pick<GetObjectCommandInput, 'IfMatch' | 'IfNoneMatch' | 'IfModifiedSince' | 'IfUnmodifiedSince'>;

/** Whether an object may be read, in the order of RFC 9110, section 13.2.2. @throws AwsError `PreconditionFailed`; with status 304 where it has not changed */
export function assertReadable(object: StoredObject, { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince }: ReadConditions): void {
  if (IfMatch !== undefined) {
    if (!matches(object, IfMatch)) throw preconditionFailed('If-Match');
  } else if (IfUnmodifiedSince !== undefined && seconds(object.modifiedMs) > seconds(IfUnmodifiedSince.getTime()))
    throw preconditionFailed('If-Unmodified-Since');
  const unchanged =
    IfNoneMatch === undefined
      ? IfModifiedSince !== undefined && seconds(object.modifiedMs) <= seconds(IfModifiedSince.getTime())
      : matches(object, IfNoneMatch);
  if (unchanged) throw new AwsError('NotModified', 'Not Modified', 304);
}

/** Whether a key may be written: `If-None-Match: *` only where there is no object, `If-Match` only over the one with that ETag. */
export function assertWritable(
  object: StoredObject | undefined,
  key: string,
  { IfMatch, IfNoneMatch }: Pick<ReadConditions, 'IfMatch' | 'IfNoneMatch'>,
): void {
  if (IfNoneMatch !== undefined) {
    if (IfNoneMatch !== '*') throw notInLab(`write with If-None-Match other than * (nor has AWS)`);
    if (object) throw preconditionFailed('If-None-Match');
  }
  if (IfMatch === undefined) return;
  if (!object) throw noSuchKey(key);
  if (!matches(object, IfMatch)) throw preconditionFailed('If-Match');
}

function matches({ etag }: StoredObject, condition: string): boolean {
  return condition === '*' || condition.split(',').some((each) => each.trim().replace(/^W\//, '').replaceAll('"', '') === etag.replaceAll('"', ''));
}

/** HTTP dates have no milliseconds. */
function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}
