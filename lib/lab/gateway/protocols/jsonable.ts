import { isDate } from 'node:util/types';

/** A value in the SDK's shapes as plain JSON: timestamps as epoch seconds, blobs as base64; undefined members are left out. */
export function jsonable<T>(value: T): T {
  return convert(value) as T;
}

function convert(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isDate(value)) return value.getTime() / 1000;
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
  if (Array.isArray(value)) return value.map(convert);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, convert(each)]));
}
