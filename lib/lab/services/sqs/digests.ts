import { createHash } from 'node:crypto';
import type { MessageAttribute } from '../../../models/sqs/message-size.ts';

/** MD5 of a body, in hexadecimal; SDK clients compare it with their own. */
export function md5OfBody(body: string): string {
  return createHash('md5').update(body).digest('hex');
}

const stringValue = Buffer.of(1);
const binaryValue = Buffer.of(2);

/**
 * MD5 of message attributes as AWS defines it: by name, each name, type and value with its length of four bytes before it, and before the value one byte that
 * says whether it is text or binary. Undefined without attributes.
 */
export function md5OfAttributes(attributes: Readonly<Record<string, MessageAttribute>>): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash('md5');
  const add = (bytes: Uint8Array): void => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.byteLength);
    hash.update(length).update(bytes);
  };
  for (const name of names) {
    const { DataType = '', StringValue = '', BinaryValue } = attributes[name] ?? {};
    add(Buffer.from(name));
    add(Buffer.from(DataType));
    hash.update(BinaryValue ? binaryValue : stringValue);
    add(BinaryValue ?? Buffer.from(StringValue));
  }
  return hash.digest('hex');
}
