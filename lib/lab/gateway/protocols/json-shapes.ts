import { JsonShapeDeserializer, JsonShapeSerializer } from '@aws-sdk/core/protocols';
import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../../../core/errors.ts';

/** Smithy's number for timestamps in epoch seconds, the default of awsJson and restJson. */
const epochSeconds = 7;

/** How one JSON protocol writes names and times. */
export interface JsonShapes {
  read(schema: NormalizedSchema, json: unknown): unknown;
  write(schema: NormalizedSchema, value: unknown): string;
}

/** awsJson uses the members' own names, restJson those of the `jsonName` trait. */
export function jsonShapes(jsonName: boolean): JsonShapes {
  const settings = { jsonName, timestampFormat: { useTrait: true, default: epochSeconds as 7 } };
  const deserializer = new JsonShapeDeserializer(settings);
  const serializer = new JsonShapeSerializer(settings);
  return {
    read(schema, json) {
      requireTypes(schema, json);
      return deserializer.readObject(schema, json as never);
    },
    write(schema, value) {
      serializer.write(schema, value ?? {});
      return serializer.flush();
    },
  };
}

/** Parses a JSON body; AWS's SerializationException when it is none, or no object. An empty body is an empty object. */
export function parseJson(text: string): unknown {
  if (text === '') return {};
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new AwsError('SerializationException', 'The request body is not valid JSON.');
  }
  if (json === null) throw new AwsError('SerializationException', 'The request body is null.');
  if (typeof json !== 'object' || Array.isArray(json)) throw mismatch(json, 'Map');
  return json;
}

/** Refuses values of a wrong JSON type, as AWS does before it validates anything. */
function requireTypes(schema: NormalizedSchema, value: unknown): void {
  if (value === null || value === undefined || schema.isDocumentSchema()) return;
  if (schema.isStructSchema()) {
    const struct = requireObject(value);
    for (const [name, member] of schema.structIterator()) requireTypes(member, struct[name]);
  } else if (schema.isMapSchema()) {
    for (const each of Object.values(requireObject(value))) requireTypes(schema.getValueSchema(), each);
  } else if (schema.isListSchema()) {
    if (!Array.isArray(value)) throw mismatch(value, 'List');
    for (const each of value) requireTypes(schema.getValueSchema(), each);
  } else requireScalar(schema, value);
}

function requireObject(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || Array.isArray(value)) throw mismatch(value, 'Map');
  return value as Record<string, unknown>;
}

function requireScalar(schema: NormalizedSchema, value: unknown): void {
  if (schema.isStringSchema() || schema.isBlobSchema()) {
    if (typeof value !== 'string') throw mismatch(value, 'String');
  } else if (schema.isBooleanSchema()) {
    if (typeof value !== 'boolean') throw mismatch(value, 'Boolean');
  } else if (schema.isNumericSchema() && typeof value !== 'number' && !['NaN', 'Infinity', '-Infinity'].includes(String(value))) {
    throw mismatch(value, 'Number');
  }
}

/** AWS's refusal of a JSON value that is not null and not of the type `expected`. */
export function mismatch(value: unknown, expected: string): AwsError {
  if (Array.isArray(value)) return new AwsError('SerializationException', 'Start of list found where not expected');
  if (typeof value === 'object') return new AwsError('SerializationException', 'Start of structure or map found where not expected');
  const found = { number: 'NUMBER_VALUE', string: 'STRING_VALUE', boolean: value ? 'TRUE_VALUE' : 'FALSE_VALUE' }[typeof value as 'string'];
  return new AwsError('SerializationException', `${found} can not be converted to a ${expected}`);
}
