import { isDate } from 'node:util/types';
import type { NormalizedSchema } from '@smithy/core/schema';
import type { Json } from '../../../../models/states/types.ts';
import { loadWireServices } from '../../../gateway/wire-services.ts';

/**
 * Arguments of a task as an operation's input: state machines write every member with a capital letter, whatever the API does, and give JSON
 * where the API has bytes or text.
 */
export async function toInput(service: string, operation: string, json: Json): Promise<unknown> {
  const wire = (await loadWireServices()).get(service);
  const schema = wire?.schemas.operation(operation)?.input;
  // DynamoDB's JSON is its API's, bytes in base64 included.
  return schema && !wire?.plainJson ? input(schema, json) : json;
}

function input(schema: NormalizedSchema, json: Json): unknown {
  if (json === null) return undefined;
  if (schema.isStructSchema() && isObject(json)) {
    const members = new Map([...schema.structIterator()].map(([name, member]) => [lower(name), { name, member }]));
    return Object.fromEntries(
      Object.entries(json).map(([key, each]) => {
        const found = members.get(lower(key));
        return found ? [found.name, input(found.member, each)] : [key, each];
      }),
    );
  }
  if (schema.isMapSchema() && isObject(json)) {
    return Object.fromEntries(Object.entries(json).map(([key, each]) => [key, input(schema.getValueSchema(), each)]));
  }
  if (schema.isListSchema() && Array.isArray(json)) return json.map((each) => input(schema.getValueSchema(), each));
  if (schema.isBlobSchema()) return Buffer.from(typeof json === 'string' ? json : JSON.stringify(json));
  if (schema.isStringSchema() && typeof json === 'object') return JSON.stringify(json);
  return json;
}

/** An operation's output as a task's: members with capital letters, times as ISO text, bytes as text (DynamoDB's in base64). */
export async function fromOutput(service: string, operation: string, output: unknown): Promise<Json> {
  const wire = (await loadWireServices()).get(service);
  return result(wire?.schemas.operation(operation)?.output, output ?? {}, wire?.plainJson ? 'base64' : 'utf8');
}

function result(schema: NormalizedSchema | undefined, value: unknown, bytesAs: 'base64' | 'utf8'): Json {
  if (value === null || value === undefined) return null;
  if (isDate(value)) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString(bytesAs);
  if (Array.isArray(value)) return value.map((each) => result(schema?.isListSchema() ? schema.getValueSchema() : undefined, each, bytesAs));
  if (typeof value !== 'object') return value as Json;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  if (!schema?.isStructSchema()) {
    const ofValues = schema?.isMapSchema() ? schema.getValueSchema() : undefined;
    return Object.fromEntries(entries.map(([key, each]) => [key, result(ofValues, each, bytesAs)]));
  }
  const members = schema.getMemberSchemas();
  return Object.fromEntries(entries.map(([key, each]) => [upper(key), result(members[key], each, bytesAs)]));
}

function isObject(json: Json): json is { readonly [key: string]: Json } {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function lower(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function upper(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
