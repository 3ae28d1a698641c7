import { AwsError } from '../../../core/errors.ts';
import type { WireRequest } from '../../contract.ts';

/**
 * A request whose body came as `aws-chunked`, as SDKs send streams to S3, with its plain body and its trailers among the headers. Signatures of chunks are
 * not checked, as those of requests are not.
 */
export function unchunked(request: WireRequest): WireRequest {
  const { headers } = request;
  const encodings = (headers['content-encoding'] ?? '').split(',').map((each) => each.trim());
  if (!encodings.includes('aws-chunked') && !headers['x-amz-content-sha256']?.startsWith('STREAMING-')) return request;
  const { body, trailers } = readChunks(Buffer.from(request.body.buffer, request.body.byteOffset, request.body.byteLength));
  const announced = headers['x-amz-decoded-content-length'];
  if (announced !== undefined && Number(announced) !== body.length) throw incomplete();
  const { 'content-encoding': _, ...others } = headers;
  const rest = encodings.filter((each) => each !== 'aws-chunked' && each !== '').join(',');
  return {
    ...request,
    body,
    headers: { ...others, ...(rest === '' ? {} : { 'content-encoding': rest }), ...trailers, 'content-length': String(body.length) },
  };
}

/** `<size in hex>[;chunk-signature=...]\r\n<bytes>\r\n` until a chunk of size 0, then `name:value\r\n` lines. */
function readChunks(bytes: Buffer): { body: Buffer; trailers: Record<string, string> } {
  const chunks: Buffer[] = [];
  let at = 0;
  const line = (): string => {
    const end = bytes.indexOf('\r\n', at);
    if (end < 0) throw incomplete();
    const text = bytes.toString('latin1', at, end);
    at = end + 2;
    return text;
  };
  for (;;) {
    const size = Number.parseInt(line(), 16);
    if (Number.isNaN(size) || at + size > bytes.length) throw incomplete();
    if (size === 0) break;
    chunks.push(bytes.subarray(at, at + size));
    at += size + 2;
  }
  const trailers: Record<string, string> = {};
  while (at < bytes.length) {
    const text = line();
    const colon = text.indexOf(':');
    if (colon > 0) trailers[text.slice(0, colon).trim().toLowerCase()] = text.slice(colon + 1).trim();
  }
  return { body: Buffer.concat(chunks), trailers };
}

function incomplete(): AwsError {
  return new AwsError('IncompleteBody', 'The request body terminated unexpectedly');
}
