import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { messageOf, ProofloadError } from '../../core/errors.ts';
import { downloaded } from './download.ts';
import { newestFirst, type RecordStore, type RunList, type StoredRun } from './store.ts';
import type { StoreUrl } from './store-url.ts';
import { assertSame, describeRun, isRunId, noRun, readEntry, runOf, type StoredEntry } from './stored-entry.ts';
import type { Acceptance } from './summary.ts';

/** No call may hang. Wall milliseconds, a try. */
const patience = { connectionTimeout: 5_000, requestTimeout: 60_000, throwOnRequestTimeout: true };

/** Objects read at a time. */
const parallel = 8;

interface Bucket {
  readonly client: S3Client;
  readonly name: string;
  /** '' or ends with a slash. */
  readonly prefix: string;
  readonly place: string;
}

/**
 * Records below a prefix of a bucket:
 * `files/<run>/<sha256 of the record>/record/...` its files, `runs/<exercise>/<time>-<run>.json` what lists need of it, and `accepted/<exercise>/<run>.json`.
 * A run is there once its object below `runs/` is, which is written last and never again; keys below `files/` name what they hold, so that no push can
 * change a stored record.
 */
export function s3Store(url: StoreUrl, cacheFolder: string): RecordStore {
  const bucket = bucketOf(url);
  const explained = <Result>(work: () => Promise<Result>): Promise<Result> =>
    work().catch((thrown: unknown) => {
      throw thrown instanceof ProofloadError ? thrown : failed(bucket, thrown);
    });
  const stored = async (key: string, acceptances: ReadonlyMap<string, string>): Promise<StoredRun> => {
    const entry = readEntry(String(await text(bucket, key)), `${bucket.place}: ${key}`);
    const accepted = acceptances.get(entry.manifest.runId);
    const acceptance = accepted === undefined ? undefined : (JSON.parse(String(await text(bucket, accepted))) as Acceptance);
    return runOf(entry, acceptance, () => explained(() => downloaded(entry, cacheFolder, (name) => read(bucket, fileKey(entry, name)))));
  };
  const keyOf = async (runId: string): Promise<string | undefined> =>
    isRunId(runId) ? (await keys(bucket, 'runs/')).find((key) => runIdOf(key) === runId) : undefined;
  return {
    place: bucket.place,
    reach: () =>
      explained(async () => void (await bucket.client.send(new ListObjectsV2Command({ Bucket: bucket.name, Prefix: bucket.prefix, MaxKeys: 1 })))),
    put: (folder) => explained(() => put(bucket, folder)),
    list: (exercise) => explained(() => list(bucket, exercise, stored)),
    find: (runId) =>
      explained(async () => {
        const key = await keyOf(runId);
        return key === undefined ? undefined : stored(key, await acceptancesOf(bucket, undefined));
      }),
    accept: (runId, acceptance) =>
      explained(async () => {
        const exercise = (await keyOf(runId))?.split('/')[1];
        if (exercise === undefined) throw noRun(runId, bucket.place);
        await write(bucket, `accepted/${exercise}/${runId}.json`, JSON.stringify(acceptance));
      }),
    close: async () => bucket.client.destroy(),
  };
}

function bucketOf({ parsed, masked }: StoreUrl): Bucket {
  const refuse = (what: string, hint: string): never => {
    throw new ProofloadError('bad-store', what, { hint });
  };
  if (parsed.username !== '' || parsed.password !== '')
    refuse(
      'an s3 URL of a store holds credentials',
      'leave them out: they are taken from the environment, the profile or the role, as by every AWS SDK',
    );
  const unknown = [...parsed.searchParams.keys()].find((key) => key !== 'region' && key !== 'endpoint');
  if (unknown !== undefined) refuse(`${unknown} means nothing in the s3 URL of a store`, 'known: region, endpoint');
  if (parsed.hostname === '') refuse('the s3 URL of a store names no bucket', 's3://<bucket>/<prefix>?region=<region>');
  const [region, endpoint] = [parsed.searchParams.get('region'), parsed.searchParams.get('endpoint')];
  if (endpoint !== null && !/^https?:\/\/[^@]+$/.test(endpoint)) refuse('the endpoint of the store is no http URL', '?endpoint=https://<host>');
  const path = decodeURIComponent(parsed.pathname).replace(/^\/+|\/+$/g, '');
  return {
    client: new S3Client({
      ...(region === null ? {} : { region }),
      // Who speaks S3 elsewhere has buckets in paths, seldom in host names.
      ...(endpoint === null ? {} : { endpoint, forcePathStyle: true }),
      maxAttempts: 3,
      requestHandler: patience,
    }),
    name: parsed.hostname,
    prefix: path === '' ? '' : `${path}/`,
    place: masked,
  };
}

async function put(bucket: Bucket, folder: string): Promise<'stored' | 'already-there'> {
  const entry = describeRun(folder);
  const key = entryKey(entry);
  const there = await textIfThere(bucket, key);
  if (there !== undefined) return assertSame(readEntry(there, `${bucket.place}: ${key}`), entry.sha256, bucket.place);
  await inParallel(entry.files, ({ name }) => write(bucket, fileKey(entry, name), readFileSync(join(folder, name))));
  try {
    await write(bucket, key, JSON.stringify(entry), { IfNoneMatch: '*' });
    return 'stored';
  } catch (thrown) {
    if (!isOneOf(thrown, ['PreconditionFailed', 'ConditionalRequestConflict'])) throw thrown;
    return assertSame(readEntry(await text(bucket, key), `${bucket.place}: ${key}`), entry.sha256, bucket.place);
  }
}

async function list(
  bucket: Bucket,
  exercise: string | undefined,
  stored: (key: string, acceptances: ReadonlyMap<string, string>) => Promise<StoredRun>,
): Promise<RunList> {
  const acceptances = await acceptancesOf(bucket, exercise);
  const runs: StoredRun[] = [];
  const skipped: string[] = [];
  await inParallel(await keys(bucket, `runs/${folderOf(exercise)}`), async (key) => {
    try {
      runs.push(await stored(key, acceptances));
    } catch (thrown) {
      // One record of a newer proofload is left out; a store that cannot be reached is no list.
      if (!(thrown instanceof ProofloadError)) throw thrown;
      skipped.push(thrown.message);
    }
  });
  return { runs: newestFirst(runs), skipped };
}

/** Keys of acceptances by run. */
async function acceptancesOf(bucket: Bucket, exercise: string | undefined): Promise<ReadonlyMap<string, string>> {
  return new Map((await keys(bucket, `accepted/${folderOf(exercise)}`)).map((key) => [/([^/]+)\.json$/.exec(key)?.[1] ?? '', key]));
}

function folderOf(exercise: string | undefined): string {
  return exercise === undefined ? '' : `${encodeURIComponent(exercise)}/`;
}

function fileKey({ manifest, sha256 }: StoredEntry, name: string): string {
  return `files/${manifest.runId}/${sha256}/${name}`;
}

function entryKey({ manifest }: StoredEntry): string {
  const { exercise, startedMs, runId } = manifest;
  return `runs/${folderOf(exercise)}${String(Math.floor(startedMs)).padStart(14, '0')}-${runId}.json`;
}

function runIdOf(key: string): string | undefined {
  return /\/\d{14}-([^/]+)\.json$/.exec(key)?.[1];
}

/** All keys below `below`, without the store's prefix. */
async function keys({ client, name, prefix }: Bucket, below: string): Promise<string[]> {
  const found: string[] = [];
  let next: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({ Bucket: name, Prefix: `${prefix}${below}`, ...(next === undefined ? {} : { ContinuationToken: next }) }),
    );
    found.push(...(page.Contents ?? []).map(({ Key = '' }) => Key.slice(prefix.length)));
    next = page.NextContinuationToken;
  } while (next !== undefined);
  return found;
}

async function read({ client, name, prefix }: Bucket, key: string): Promise<Uint8Array> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: name, Key: `${prefix}${key}` }));
  return (await Body?.transformToByteArray()) ?? new Uint8Array(0);
}

async function text(bucket: Bucket, key: string): Promise<string> {
  return Buffer.from(await read(bucket, key)).toString('utf8');
}

async function textIfThere(bucket: Bucket, key: string): Promise<string | undefined> {
  try {
    return await text(bucket, key);
  } catch (thrown) {
    if (isOneOf(thrown, ['NoSuchKey'])) return undefined;
    throw thrown;
  }
}

async function write(
  { client, name, prefix }: Bucket,
  key: string,
  body: Uint8Array | string,
  condition: { IfNoneMatch?: string } = {},
): Promise<void> {
  await client.send(new PutObjectCommand({ Bucket: name, Key: `${prefix}${key}`, Body: body, ...condition }));
}

async function inParallel<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const left = items.values();
  const worker = async (): Promise<void> => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: parallel }, worker));
}

function isOneOf(thrown: unknown, names: readonly string[]): boolean {
  return thrown instanceof Error && names.includes(thrown.name);
}

function failed({ name, place }: Bucket, thrown: unknown): ProofloadError {
  const why = thrown instanceof Error && thrown.name !== 'Error' ? `${thrown.name}: ${thrown.message}` : messageOf(thrown);
  const hint = isOneOf(thrown, ['NoSuchBucket'])
    ? `create the bucket ${name}, or name another one`
    : 'check the bucket, the region, the credentials and their permissions (s3:ListBucket, s3:GetObject, s3:PutObject)';
  return new ProofloadError('store-failed', `the store ${place} cannot be used: ${why}`, { hint });
}
