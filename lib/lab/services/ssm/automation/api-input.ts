import type { NormalizedSchema } from '@smithy/core/schema';
import { loadWireServices } from '../../../gateway/wire-services.ts';

/** Turns a document's inputs into the types of an API's members. */
export type InputTyper = (service: string, operation: string, input: unknown) => Promise<unknown>;

/**
 * Automation passes an API's input on as JSON and AWS reads numbers and booleans from text there, so that a String parameter
 * may feed an Integer member (assumed: AWS's own documents rely on it). Services without shapes get the input as it is.
 */
export function createInputTyper(): InputTyper {
  return async (service, operation, input) => {
    const schema = (await loadWireServices()).get(service)?.schemas.operation(operation)?.input;
    return schema ? typed(input, schema) : input;
  };
}

function typed(value: unknown, schema: NormalizedSchema): unknown {
  if (value === null || value === undefined) return value;
  if (Array.isArray(value)) return schema.isListSchema() ? value.map((each) => typed(each, schema.getValueSchema())) : value;
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'object') return typedObject(value, schema);
  if (schema.isNumericSchema() && typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))) return Number(value);
  if (schema.isBooleanSchema() && typeof value === 'string')
    return value.toLowerCase() === 'true' ? true : value.toLowerCase() === 'false' ? false : value;
  if (schema.isStringSchema() && typeof value !== 'string') return String(value);
  if (schema.isBlobSchema() && typeof value === 'string') return new TextEncoder().encode(value);
  return value;
}

function typedObject(value: object, schema: NormalizedSchema): unknown {
  if (schema.isMapSchema()) return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, typed(each, schema.getValueSchema())]));
  if (!schema.isStructSchema()) return value;
  const members = schema.getMemberSchemas();
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, members[key] ? typed(each, members[key]) : each]));
}
