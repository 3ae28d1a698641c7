import { AwsError } from '../../../core/errors.ts';
import type { WireRequest } from '../../contract.ts';
import type { OperationSchema, ServiceSchemas } from './schemas.ts';

/** What S3's operations are told apart by beyond what their models say: parameters and headers that they cannot do without. */
const needed: Readonly<Record<string, { readonly query?: readonly string[]; readonly header?: string }>> = {
  UploadPart: { query: ['partNumber', 'uploadId'] },
  UploadPartCopy: { query: ['partNumber', 'uploadId'], header: 'x-amz-copy-source' },
  CopyObject: { header: 'x-amz-copy-source' },
  ListParts: { query: ['uploadId'] },
  AbortMultipartUpload: { query: ['uploadId'] },
  CompleteMultipartUpload: { query: ['uploadId'] },
  ListDirectoryBuckets: { query: ['directory'] },
};

interface Route {
  readonly operation: OperationSchema;
  readonly method: string;
  readonly of: 'service' | 'bucket' | 'key';
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly header: string | undefined;
}

/** Where a request of S3 goes: path-style, `/<bucket>/<key>`. */
interface S3Target {
  readonly operation: OperationSchema;
  readonly labels: { readonly Bucket: string; readonly Key: string };
}

export type S3Router = (request: WireRequest) => S3Target | undefined;

/** Finds the operation of a request: of those whose parameters and headers are all there, the one that asks for the most. */
export function s3Router(schemas: ServiceSchemas): S3Router {
  const routes = schemas.operations().flatMap(routeOf);
  return (request) => {
    const path = decodedPath(request.path.slice(1));
    const slash = path.indexOf('/');
    const labels = { Bucket: slash < 0 ? path : path.slice(0, slash), Key: slash < 0 ? '' : path.slice(slash + 1) };
    const of = labels.Key !== '' ? 'key' : labels.Bucket !== '' ? 'bucket' : 'service';
    const query = new URLSearchParams(request.query);
    const fits = (route: Route): boolean =>
      route.method === request.method &&
      route.of === of &&
      route.query.every(([name, value]) => query.has(name) && (value === '' || query.get(name) === value)) &&
      (route.header === undefined || request.headers[route.header] !== undefined);
    const [best] = routes.filter(fits).sort((a, b) => weight(b) - weight(a));
    return best && { operation: best.operation, labels };
  };
}

function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.");
  }
}

function weight({ query, header }: Route): number {
  return query.length + (header === undefined ? 0 : 1);
}

/** Bucket-level operations of the model have the path `/`: the bucket was part of the host when it was written. */
function routeOf(operation: OperationSchema): Route[] {
  const { name, http } = operation;
  if (!http || http[1] === '/WriteGetObjectResponse') return [];
  const [method, path] = http;
  const own = needed[name];
  const literals = [...new URLSearchParams(path.split('?')[1] ?? '')].filter(([key]) => key !== 'x-id');
  return [
    {
      operation,
      method,
      of: name === 'ListBuckets' || name === 'ListDirectoryBuckets' ? 'service' : path.startsWith('/{Key+}') ? 'key' : 'bucket',
      query: [...literals, ...(own?.query ?? []).map((key) => [key, ''] as const)],
      header: own?.header,
    },
  ];
}
