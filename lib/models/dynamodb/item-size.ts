/** One attribute value as it travels: a single member named by its type (`{ S: 'x' }`). */
type AttributeValue = Readonly<Record<string, unknown>>;

/** An item as it travels; binary values are base64 text. */
export type Item = Readonly<Record<string, AttributeValue>>;

/** Bytes that a document adds to its contents, and each of its elements. */
const documentBytes = 3;
const elementBytes = 1;

/**
 * Size of an item in bytes, as DynamoDB counts it for capacity and limits: UTF-8 names and strings, raw bytes of binary values,
 * numbers by their significant digits, one byte for booleans and nulls.
 * Source: Amazon DynamoDB developer guide, "DynamoDB item sizes and formats".
 */
export function itemBytes(item: Item): number {
  let bytes = 0;
  for (const name in item) bytes += Buffer.byteLength(name) + valueBytes(item[name] as AttributeValue);
  return bytes;
}

function valueBytes(value: AttributeValue): number {
  for (const type in value) return typedBytes(type, value[type]);
  return 0;
}

function typedBytes(type: string, value: unknown): number {
  switch (type) {
    case 'S':
      return Buffer.byteLength(value as string);
    case 'N':
      return numberBytes(value as string);
    case 'B':
      return base64Bytes(value as string);
    case 'SS':
      return sum(value as string[], (each) => Buffer.byteLength(each));
    case 'NS':
      return sum(value as string[], numberBytes);
    case 'BS':
      return sum(value as string[], base64Bytes);
    case 'L':
      return documentBytes + sum(value as AttributeValue[], (each) => elementBytes + valueBytes(each));
    case 'M':
      return documentBytes + elementBytes * Object.keys(value as Item).length + itemBytes(value as Item);
    default:
      return 1;
  }
}

function sum<T>(values: readonly T[], bytes: (value: T) => number): number {
  let total = 0;
  for (const value of values) total += bytes(value);
  return total;
}

/** About one byte for two significant digits, one for the exponent, one for a minus. */
function numberBytes(text: string): number {
  const digits = text
    .replace(/e.*$/i, '')
    .replace(/[-+.]/g, '')
    .replace(/^0+|0+$/g, '').length;
  return Math.ceil(digits / 2) + 1 + (text.startsWith('-') ? 1 : 0);
}

function base64Bytes(text: string): number {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return (text.length / 4) * 3 - padding;
}
