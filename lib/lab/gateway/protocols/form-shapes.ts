import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../../../core/errors.ts';
import { dateOf, msOfIso } from '../../../core/time-format.ts';

/** The flat names of a form (`Dimensions.member.1.Name`) as a tree, so that each shape finds its members. */
interface FormNode {
  text?: string;
  readonly children: Map<string, FormNode>;
}

/** Reads awsQuery's form encoding by the input's shape. */
export function readForm(schema: NormalizedSchema, form: URLSearchParams): unknown {
  const root: FormNode = { children: new Map() };
  for (const [name, value] of form) {
    let node = root;
    for (const part of name.split('.')) {
      const next = node.children.get(part) ?? { children: new Map() };
      node.children.set(part, next);
      node = next;
    }
    node.text = value;
  }
  return readStruct(schema, root);
}

function readStruct(schema: NormalizedSchema, node: FormNode): Record<string, unknown> {
  const struct: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const child = node.children.get(member.getMergedTraits().xmlName ?? name);
    if (child) struct[name] = readMember(member, child);
  }
  return struct;
}

function readMember(schema: NormalizedSchema, node: FormNode): unknown {
  if (schema.isStructSchema()) return readStruct(schema, node);
  const flat = Boolean(schema.getMergedTraits().xmlFlattened);
  if (schema.isListSchema()) {
    const item = schema.getValueSchema();
    return numbered(flat ? node : node.children.get(item.getMergedTraits().xmlName ?? 'member')).map((each) => readMember(item, each));
  }
  if (schema.isMapSchema()) return readMap(schema, numbered(flat ? node : node.children.get('entry')));
  return readScalar(schema, node.text ?? '');
}

function readMap(schema: NormalizedSchema, entries: FormNode[]): Record<string, unknown> {
  const [key, value] = [schema.getKeySchema().getMergedTraits().xmlName ?? 'key', schema.getValueSchema()];
  const valueName = value.getMergedTraits().xmlName ?? 'value';
  return Object.fromEntries(
    entries.map((entry) => [entry.children.get(key)?.text ?? '', readMember(value, entry.children.get(valueName) ?? { children: new Map() })]),
  );
}

/** Children called 1, 2, 3 ..., in that order. */
function numbered(node: FormNode | undefined): FormNode[] {
  return [...(node?.children ?? [])]
    .filter(([name]) => /^\d+$/.test(name))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, child]) => child);
}

function readScalar(schema: NormalizedSchema, text: string): unknown {
  if (schema.isNumericSchema()) {
    const number = Number(text);
    if (text === '' || Number.isNaN(number)) throw malformed(text, 'a number');
    return number;
  }
  if (schema.isBooleanSchema()) {
    if (!/^(true|false)$/i.test(text)) throw malformed(text, 'a boolean');
    return text.toLowerCase() === 'true';
  }
  if (schema.isBlobSchema()) return new Uint8Array(Buffer.from(text, 'base64'));
  if (schema.isTimestampSchema()) {
    const atMs = msOfIso(text);
    if (Number.isNaN(atMs)) throw malformed(text, 'a timestamp');
    return dateOf(atMs);
  }
  return text;
}

function malformed(text: string, expected: string): AwsError {
  return new AwsError('MalformedInput', `'${text}' is not ${expected}`);
}
