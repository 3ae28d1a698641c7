import { AwsError } from '../../../core/errors.ts';
import { RequestRate } from '../../../models/s3/request-rate.ts';
import type { LabContext } from '../../contract.ts';
import { Bucket, type StoredObject } from './bucket.ts';
import { noSuchBucket, noSuchKey } from './errors.ts';

/** 3 to 63 lower-case letters, digits, dots and dashes, no dots side by side, no IP address (S3 user guide, bucket naming rules). */
const nameForm = /^(?!\d+\.\d+\.\d+\.\d+$)(?!xn--)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** All buckets of the lab, and the memory that their objects take. */
export class Buckets {
  readonly #context: LabContext;
  readonly #buckets = new Map<string, Bucket>();
  #bytes = 0;

  constructor(context: LabContext) {
    this.#context = context;
  }

  all(): Bucket[] {
    return [...this.#buckets.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  create(name: string): Bucket {
    const { clock, quotas } = this.#context;
    if (!nameForm.test(name)) throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.', 400, { BucketName: name });
    if (this.#buckets.has(name)) {
      const message = 'Your previous request to create the named bucket succeeded and you already own it.';
      throw new AwsError('BucketAlreadyOwnedByYou', message, 409, { BucketName: name });
    }
    if (this.#buckets.size >= quotas.number('s3.buckets'))
      throw new AwsError('TooManyBuckets', 'You have attempted to create more buckets than allowed');
    const rate = new RequestRate(quotas.number('s3.writes-per-sec'), quotas.number('s3.reads-per-sec'), clock.now());
    const bucket = new Bucket(name, clock.now(), rate);
    this.#buckets.set(name, bucket);
    return bucket;
  }

  get(name: string | undefined): Bucket {
    const bucket = this.#buckets.get(name ?? '');
    if (!bucket) throw noSuchBucket(name ?? '');
    return bucket;
  }

  named(name: string | undefined): Bucket | undefined {
    return this.#buckets.get(name ?? '');
  }

  remove(name: string | undefined): void {
    const bucket = this.get(name);
    if (bucket.size > 0) throw new AwsError('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409, { BucketName: bucket.name });
    for (const { parts } of bucket.uploads.values()) for (const { bytes } of parts.values()) this.free(bytes.length);
    this.#buckets.delete(bucket.name);
  }

  object(name: string | undefined, key: string | undefined): StoredObject {
    const object = this.get(name).object(key ?? '');
    if (!object) throw noSuchKey(key ?? '');
    return object;
  }

  /** Stores an object in place of the one that the key has. */
  put(bucket: Bucket, key: string, object: StoredObject): void {
    this.reserve(object.bytes.length - (bucket.object(key)?.bytes.length ?? 0));
    bucket.put(key, object);
  }

  delete(bucket: Bucket, key: string): void {
    this.free(bucket.object(key)?.bytes.length ?? 0);
    bucket.delete(key);
  }

  /** Takes memory for `bytes` more; what a lab may hold is bounded, where AWS's storage is not. */
  reserve(bytes: number): void {
    const most = this.#context.quotas.number('s3.lab-bytes');
    if (bytes > 0 && this.#bytes + bytes > most)
      throw new AwsError('EntityTooLarge', `Your proposed upload exceeds what the lab keeps in memory, ${most} bytes in all (quota s3.lab-bytes).`);
    this.#bytes += bytes;
  }

  free(bytes: number): void {
    this.#bytes -= bytes;
  }
}
