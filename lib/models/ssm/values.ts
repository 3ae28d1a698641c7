import { asText } from './interpolate.ts';
import type { ValueType } from './types.ts';

const integer = /^[+-]?\d+$/;

/** `value` as `type`, or undefined when it cannot be one. Numbers in text become Integers, anything becomes a String. */
export function convert(value: unknown, type: ValueType): unknown {
  switch (type) {
    case 'String':
      return asText(value);
    case 'Integer':
      return convertInteger(value);
    case 'Boolean':
      if (typeof value === 'boolean') return value;
      return value === 'true' || value === 'True' ? true : value === 'false' || value === 'False' ? false : undefined;
    case 'StringList':
      return Array.isArray(value) ? value.map(asText) : undefined;
    case 'StringMap':
      return isMap(value) ? value : undefined;
    case 'MapList':
      return Array.isArray(value) && value.every(isMap) ? value : undefined;
  }
}

function convertInteger(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? value : undefined;
  return typeof value === 'string' && integer.test(value) ? Number(value) : undefined;
}

function isMap(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value as executions report it: Outputs and Parameters are lists of strings. */
export function asStrings(value: unknown): string[] {
  return Array.isArray(value) ? value.map(asText) : [asText(value)];
}
