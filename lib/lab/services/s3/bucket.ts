import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import { compareKeys } from '../../../models/s3/listing.ts';
import type { RequestRate } from '../../../models/s3/request-rate.ts';
import type { Checksum, ChecksumAlgorithm } from './checksums.ts';

/** Headers that an object keeps for those who read it. */
export type ObjectHeaders = Pick<
  PutObjectCommandInput,
  'CacheControl' | 'ContentDisposition' | 'ContentEncoding' | 'ContentLanguage' | 'ContentType' | 'Expires' | 'Metadata'
>;

export interface StoredObject {
  readonly bytes: Uint8Array;
  /** In quotes, as it travels. */
  readonly etag: string;
  readonly modifiedMs: number;
  readonly headers: ObjectHeaders;
  readonly checksum: Checksum | undefined;
}

export interface UploadedPart {
  readonly bytes: Uint8Array;
  readonly etag: string;
  readonly modifiedMs: number;
  readonly checksum: Checksum | undefined;
}

/** A multipart upload that is neither completed nor aborted. */
export interface Upload {
  readonly id: string;
  readonly key: string;
  readonly headers: ObjectHeaders;
  readonly algorithm: ChecksumAlgorithm | undefined;
  readonly checksumType: Checksum['type'];
  readonly parts: Map<number, UploadedPart>;
}

/** One bucket: its objects by key, and its uploads. */
export class Bucket {
  readonly name: string;
  readonly createdMs: number;
  readonly rate: RequestRate;
  readonly uploads = new Map<string, Upload>();
  readonly #objects = new Map<string, StoredObject>();
  #sorted: string[] | undefined;

  constructor(name: string, createdMs: number, rate: RequestRate) {
    this.name = name;
    this.createdMs = createdMs;
    this.rate = rate;
  }

  get size(): number {
    return this.#objects.size;
  }

  object(key: string): StoredObject | undefined {
    return this.#objects.get(key);
  }

  put(key: string, object: StoredObject): void {
    if (!this.#objects.has(key)) this.#sorted = undefined;
    this.#objects.set(key, object);
  }

  delete(key: string): void {
    if (this.#objects.delete(key)) this.#sorted = undefined;
  }

  /** Keys in the order of S3. */
  keys(): readonly string[] {
    this.#sorted ??= [...this.#objects.keys()].sort(compareKeys);
    return this.#sorted;
  }
}
