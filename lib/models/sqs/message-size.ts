/** A message attribute, as it is sent. */
export interface MessageAttribute {
  readonly DataType?: string | undefined;
  readonly StringValue?: string | undefined;
  readonly BinaryValue?: Uint8Array | undefined;
}

/** Bytes of a message as SQS counts them: its body and each attribute's name, type and value, in UTF-8. */
export function messageBytes(body: string, attributes: Readonly<Record<string, MessageAttribute>> = {}): number {
  let bytes = utf8Bytes(body);
  for (const [name, { DataType = '', StringValue = '', BinaryValue }] of Object.entries(attributes)) {
    bytes += utf8Bytes(name) + utf8Bytes(DataType) + (BinaryValue?.byteLength ?? utf8Bytes(StringValue));
  }
  return bytes;
}

/** Requests that SQS bills for one call that carries `bytes`: each chunk of 64 KB is one, and an empty call is one too. */
export function billedRequests(bytes: number, chunkBytes: number): number {
  return Math.max(1, Math.ceil(bytes / chunkBytes));
}

/** Whether XML 1.0 can hold every character of `text`; SQS refuses bodies with others. */
export function isUsableText(text: string): boolean {
  if (!text.isWellFormed()) return false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if ((code < 0x20 && code !== 0x9 && code !== 0xa && code !== 0xd) || code >= 0xfffe) return false;
  }
  return true;
}

function utf8Bytes(text: string): number {
  return Buffer.byteLength(text);
}
