import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  BucketAlreadyOwnedByYou,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  ListPartsCommand,
  NoSuchBucket,
  NoSuchKey,
  NotFound,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { monotonicMs } from '../../lib/core/clock.ts';
import { Numbers } from '../../lib/core/numbers.ts';
import type { Environment } from '../../lib/lab/functions/host/environment.ts';
import { wrapClientPackage } from '../../lib/lab/functions/host/sdk.ts';
import type { WireCalls, WireRequestParts } from '../../lib/lab/functions/host/wire-calls.ts';
import type { RunningLab } from '../../lib/lab/lab.ts';
import { openStore } from '../../lib/record/history/open-store.ts';
import { storeContract } from '../store-contract.ts';
import { credentials, startTestLab } from './lab-fixture.ts';

let lab: RunningLab;
let s3: S3Client;
const Bucket = 'videos';
const part = 1000;

beforeAll(async () => {
  const quotas = Numbers.fromFolder('config/quotas').with(
    { 's3.part-bytes-min': part, 's3.lab-bytes': 100_000, 's3.list-keys': 4 },
    'test',
    '2026-11-24',
  );
  lab = await startTestLab({ quotas });
  s3 = new S3Client({ region: 'us-east-1', endpoint: lab.endpoint, credentials, forcePathStyle: true, maxAttempts: 1 });
  await s3.send(new CreateBucketCommand({ Bucket }));
});

afterAll(async () => {
  s3.destroy();
  await lab.stop();
});

const put = (Key: string, Body: NonNullable<PutObjectCommandInput['Body']>, more: Partial<PutObjectCommandInput> = {}) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const textOf = async (Key: string, more: object = {}) => (await s3.send(new GetObjectCommand({ Bucket, Key, ...more }))).Body?.transformToString();
const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no failure',
    (thrown: Error & { $metadata?: { httpStatusCode?: number } }) => [thrown.name, thrown.$metadata?.httpStatusCode],
  );
const list = (more: Partial<ListObjectsV2CommandInput>) => s3.send(new ListObjectsV2Command({ Bucket, ...more }));

describe('buckets', () => {
  it('are made once, listed, found and removed when they are empty', async () => {
    await s3.send(new CreateBucketCommand({ Bucket: 'other' }));
    await expect(s3.send(new CreateBucketCommand({ Bucket: 'other' }))).rejects.toBeInstanceOf(BucketAlreadyOwnedByYou);
    const { Buckets } = await s3.send(new ListBucketsCommand({}));
    expect(Buckets?.map(({ Name }) => Name)).toEqual(['other', 'videos']);
    expect(Buckets?.[0]?.CreationDate).toBeInstanceOf(Date);
    expect((await s3.send(new HeadBucketCommand({ Bucket: 'other' }))).BucketRegion).toBe('us-east-1');
    await s3.send(new PutObjectCommand({ Bucket: 'other', Key: 'k', Body: Buffer.alloc(0) }));
    expect(await failureOf(s3.send(new DeleteBucketCommand({ Bucket: 'other' })))).toEqual(['BucketNotEmpty', 409]);
    await s3.send(new DeleteObjectCommand({ Bucket: 'other', Key: 'k' }));
    await s3.send(new DeleteBucketCommand({ Bucket: 'other' }));
    await expect(s3.send(new HeadBucketCommand({ Bucket: 'other' }))).rejects.toBeInstanceOf(NotFound);
  });

  it('are refused with a name that AWS refuses, and with what the lab does not have', async () => {
    expect(await failureOf(s3.send(new CreateBucketCommand({ Bucket: 'My_Bucket' })))).toEqual(['InvalidBucketName', 400]);
    const versioned = new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } });
    await expect(s3.send(versioned)).rejects.toMatchObject({ name: 'NotImplemented', message: expect.stringContaining('s3.PutBucketVersioning') });
    await expect(put('k', 'x', { StorageClass: 'GLACIER' })).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining('StorageClass (GLACIER)'),
    });
  });
});

describe('objects', () => {
  it('come back with their bytes, headers and checksum', async () => {
    const Key = 'a b/ü+%25&?=/<x>.txt';
    const Metadata = { owner: 'acme' };
    const { ETag, ChecksumCRC32 } = await put(Key, 'hello', { ContentType: 'text/plain', Metadata, CacheControl: 'no-store' });
    expect([ETag, ChecksumCRC32]).toEqual([`"${createHash('md5').update('hello').digest('hex')}"`, 'NhCmhg==']);
    const got = await s3.send(new GetObjectCommand({ Bucket, Key }));
    expect(await got.Body?.transformToString()).toBe('hello');
    expect(got).toMatchObject({ ETag, ContentType: 'text/plain', Metadata, CacheControl: 'no-store', ContentLength: 5, ChecksumCRC32 });
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key }));
    expect(head).toMatchObject({ ETag, ContentLength: 5, Metadata });
    expect(head.LastModified).toBeInstanceOf(Date);
  });

  it('are taken as streams, whose chunks and trailing checksum are read', async () => {
    const body = randomBytes(20_000);
    const { ChecksumSHA256 } = await put('stream', Readable.from([body.subarray(0, 7000), body.subarray(7000)]), {
      ContentLength: body.length,
      ChecksumAlgorithm: 'SHA256',
    });
    expect(ChecksumSHA256).toBe(createHash('sha256').update(body).digest('base64'));
    const back = await (await s3.send(new GetObjectCommand({ Bucket, Key: 'stream' }))).Body?.transformToByteArray();
    expect(Buffer.from(back!).equals(body)).toBe(true);
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'stream' }));
  });

  it('are held against their checksums', async () => {
    expect(await failureOf(put('bad', 'x', { ChecksumCRC32: 'AAAAAA==' }))).toEqual(['BadDigest', 400]);
    expect(await failureOf(put('bad', 'x', { ContentMD5: createHash('md5').update('y').digest('base64') }))).toEqual(['BadDigest', 400]);
    expect((await put('castagnoli', '123456789', { ChecksumCRC32C: '4waSgw==' })).ChecksumCRC32C).toBe('4waSgw==');
    await expect(s3.send(new GetObjectCommand({ Bucket, Key: 'bad' }))).rejects.toBeInstanceOf(NoSuchKey);
  });

  it('are read in ranges', async () => {
    await put('range', '0123456789');
    expect(await Promise.all(['bytes=2-4', 'bytes=7-', 'bytes=-2', 'bytes=8-99'].map((Range) => textOf('range', { Range })))).toEqual([
      '234',
      '789',
      '89',
      '89',
    ]);
    const { ContentRange, $metadata } = await s3.send(new GetObjectCommand({ Bucket, Key: 'range', Range: 'bytes=0-0' }));
    expect([ContentRange, $metadata.httpStatusCode]).toEqual(['bytes 0-0/10', 206]);
    expect(await failureOf(textOf('range', { Range: 'bytes=10-' }))).toEqual(['InvalidRange', 416]);
  });

  it('are written and read under conditions', async () => {
    const { ETag } = await put('once', '1', { IfNoneMatch: '*' });
    expect(await failureOf(put('once', '2', { IfNoneMatch: '*' }))).toEqual(['PreconditionFailed', 412]);
    expect(await failureOf(put('once', '2', { IfMatch: '"0"' }))).toEqual(['PreconditionFailed', 412]);
    await put('once', '3', { IfMatch: ETag! });
    expect(await textOf('once')).toBe('3');
    expect((await failureOf(textOf('once', { IfNoneMatch: (await put('once', '3')).ETag! })))[1]).toBe(304);
    expect(await failureOf(textOf('once', { IfMatch: ETag! }))).toEqual(['PreconditionFailed', 412]);
  });

  it('of buckets and keys that are not there are refused', async () => {
    await expect(s3.send(new PutObjectCommand({ Bucket: 'nobodys', Key: 'k', Body: 'x' }))).rejects.toBeInstanceOf(NoSuchBucket);
    await expect(s3.send(new HeadObjectCommand({ Bucket, Key: 'none' }))).rejects.toBeInstanceOf(NotFound);
    expect(await failureOf(put('k'.repeat(1025), 'x'))).toEqual(['KeyTooLongError', 400]);
    expect(await failureOf(put('large', Buffer.alloc(100_001)))).toEqual(['EntityTooLarge', 400]);
  });

  it('are deleted, one or many, and missing ones silently', async () => {
    await Promise.all(['d/1', 'd/2'].map((key) => put(key, 'x')));
    const { Deleted } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'd/1' }, { Key: 'd/2' }, { Key: 'd/none' }] } }));
    expect(Deleted?.map(({ Key }) => Key)).toEqual(['d/1', 'd/2', 'd/none']);
    expect((await list({ Prefix: 'd/' })).KeyCount).toBe(0);
  });
});

it('lists pages, by prefix and delimiter', async () => {
  const keys = ['l/a/1', 'l/a/2', 'l/b', 'l/c/1', 'l/d', 'l/e/1', 'l/f'];
  await Promise.all(keys.map((key) => put(key, 'xy')));
  const pages: string[][] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await list({ Prefix: 'l/', ...(ContinuationToken ? { ContinuationToken } : {}) });
    pages.push((page.Contents ?? []).map(({ Key = '' }) => Key));
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  expect(pages).toEqual([keys.slice(0, 4), keys.slice(4)]);
  const first = await list({ Prefix: 'l/', Delimiter: '/', MaxKeys: 3 });
  expect([first.CommonPrefixes, first.Contents?.map(({ Key, Size }) => [Key, Size])]).toEqual([
    [{ Prefix: 'l/a/' }, { Prefix: 'l/c/' }],
    [['l/b', 2]],
  ]);
  const second = await list({ Prefix: 'l/', Delimiter: '/', ContinuationToken: first.NextContinuationToken! });
  expect([second.CommonPrefixes, second.Contents?.map(({ Key }) => Key), second.IsTruncated]).toEqual([[{ Prefix: 'l/e/' }], ['l/d', 'l/f'], false]);
  expect((await list({ Prefix: 'l/', StartAfter: 'l/e' })).Contents?.map(({ Key }) => Key)).toEqual(['l/e/1', 'l/f']);
  expect(await failureOf(list({ ContinuationToken: '!' }))).toEqual(['InvalidArgument', 400]);
});

describe('multipart uploads', () => {
  const begun = async (Key: string) =>
    (await s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ContentType: 'video/mp4', ChecksumAlgorithm: 'CRC32' }))).UploadId!;
  const upload = async (Key: string, UploadId: string, PartNumber: number, Body: Uint8Array) => {
    const { ETag, ChecksumCRC32 } = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body, ChecksumAlgorithm: 'CRC32' }));
    return { PartNumber, ETag, ChecksumCRC32 };
  };
  const complete = (Key: string, UploadId: string, Parts: object[]) =>
    s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));

  it('become one object of their parts', async () => {
    const UploadId = await begun('film');
    const bytes = randomBytes(2 * part + 10);
    const [third, first] = [await upload('film', UploadId, 3, bytes.subarray(2 * part)), await upload('film', UploadId, 1, bytes.subarray(0, part))];
    const second = await upload('film', UploadId, 2, bytes.subarray(part, 2 * part));
    const listed = await s3.send(new ListPartsCommand({ Bucket, Key: 'film', UploadId }));
    expect(listed.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
      [1, part],
      [2, part],
      [3, 10],
    ]);
    expect(await failureOf(textOf('film'))).toEqual(['NoSuchKey', 404]);
    expect(await failureOf(complete('film', UploadId, [second, first]))).toEqual(['InvalidPartOrder', 400]);
    expect(await failureOf(complete('film', UploadId, [first, { PartNumber: 9, ETag: '"0"' }]))).toEqual(['InvalidPart', 400]);
    const { ETag, ChecksumCRC32 } = await complete('film', UploadId, [first, second, third]);
    expect([ETag, ChecksumCRC32]).toEqual([expect.stringMatching(/^"[0-9a-f]{32}-3"$/), expect.stringMatching(/-3$/)]);
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'film' }));
    expect(got.ContentType).toBe('video/mp4');
    expect(Buffer.from(await got.Body!.transformToByteArray()).equals(bytes)).toBe(true);
    expect(await failureOf(complete('film', UploadId, [first]))).toEqual(['NoSuchUpload', 404]);
  });

  it('are refused with small parts, and leave nothing when they are aborted', async () => {
    const UploadId = await begun('small');
    const parts = [await upload('small', UploadId, 1, randomBytes(part - 1)), await upload('small', UploadId, 2, randomBytes(1))];
    expect(await failureOf(complete('small', UploadId, parts))).toEqual(['EntityTooSmall', 400]);
    await s3.send(new AbortMultipartUploadCommand({ Bucket, Key: 'small', UploadId }));
    expect(await failureOf(upload('small', UploadId, 1, randomBytes(1)))).toEqual(['NoSuchUpload', 404]);
  });
});

it('counts what is billed, and refuses what a bucket does not take at once', async () => {
  const quotas = Numbers.fromFolder('config/quotas').with({ 's3.writes-per-sec': 3, 's3.reads-per-sec': 1 }, 'test', '2026-11-24');
  const slow = await startTestLab({ quotas });
  const client = new S3Client({ region: 'us-east-1', endpoint: slow.endpoint, credentials, forcePathStyle: true, maxAttempts: 1 });
  await client.send(new CreateBucketCommand({ Bucket: 'busy' }));
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, (_, i) => client.send(new PutObjectCommand({ Bucket: 'busy', Key: `${i}`, Body: 'x' }))),
  );
  const refused = results.filter((each) => each.status === 'rejected');
  expect(refused.length).toBeGreaterThan(10);
  expect(refused[0]?.reason).toMatchObject({ name: 'SlowDown', $metadata: { httpStatusCode: 503 } });
  await client.send(new ListObjectsV2Command({ Bucket: 'busy' }));
  expect(slow.meter.total('busy', 's3.put-request')).toBe(results.length - refused.length + 1);
  client.destroy();
  await slow.stop();
});

it('is reached from functions, whose clients see no host', async () => {
  const environment = {
    variables: { AWS_REGION: 'us-east-1' },
    definition: { runtime: 'nodejs22.x' },
    opened: () => {},
    closed: () => {},
  } as unknown as Environment;
  const calls = {
    send: (_: Environment, { body, ...call }: WireRequestParts) =>
      lab.context.wire({ ...call, body: Buffer.from(body), caller: { kind: 'function', functionName: 'f' }, arrivedMs: monotonicMs() }),
  } as unknown as WireCalls;
  const packaged = wrapClientPackage(await import('@aws-sdk/client-s3'), environment, calls) as { S3Client: typeof S3Client };
  const client = new packaged.S3Client({});
  await client.send(new PutObjectCommand({ Bucket, Key: 'of a function', Body: Readable.from([Buffer.from('frame')]), ContentLength: 5 }));
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: 'of a function' }));
  expect(await Body?.transformToString()).toBe('frame');
  await expect(client.send(new GetObjectCommand({ Bucket, Key: 'none' }))).rejects.toBeInstanceOf(NoSuchKey);
});

describe('as a store of records', () => {
  const placeIn = (bucket: string): string => `s3://${bucket}/team/a?region=us-east-1&endpoint=${stores.endpoint}`;
  let stores: RunningLab;
  beforeAll(async () => {
    stores = await startTestLab();
    // As a pipeline gives them to every AWS SDK.
    vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await stores.stop();
  });

  storeContract('s3', async () => {
    await stores.context.call('s3', 'CreateBucket', { Bucket: 'acme-runs' }, { kind: 'http' });
    return placeIn('acme-runs');
  });

  it('is seen whole or not at all, and only as far as it can be read', async () => {
    const putAs = (Key: string, Body: string) =>
      stores.context.call('s3', 'PutObject', { Bucket: 'acme-runs', Key: `team/a/${Key}`, Body: Buffer.from(Body) }, { kind: 'http' });
    await putAs('files/half/0/record/manifest.json', '{}');
    await putAs('runs/checkout%2Fodd/00000000000001-newer.json', '{"entryVersion":9}');
    const outside = { entryVersion: 1, manifest: { runId: 'evil' }, files: [{ name: 'record/../../evil', sha256: '' }] };
    await putAs('runs/checkout%2Fodd/00000000000002-evil.json', JSON.stringify(outside));
    const store = await openStore(placeIn('acme-runs'), { cwd: '.', cacheFolder: '.' });
    const { runs, skipped } = await store.list('checkout/odd');
    expect([runs, [...skipped].sort()]).toEqual([
      [],
      [expect.stringContaining('newer proofload'), expect.stringContaining('does not describe a run')],
    ]);
    expect(await store.find('half')).toBeUndefined();
    await store.close();
  });

  it('names a bucket that is not there, and what to do', async () => {
    const store = await openStore(placeIn('nobodys'), { cwd: '.', cacheFolder: '.' });
    await expect(store.reach()).rejects.toThrow(
      expect.objectContaining({ code: 'store-failed', hint: expect.stringContaining('create the bucket nobodys') }),
    );
    await store.close();
  });
});
