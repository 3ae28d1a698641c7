import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml';
import { isSupported, supportedNames } from './intrinsic-names.ts';
import { Lines } from './lines.ts';
import { templateError } from './template-error.ts';

/** A parsed template file: plain values, short tags written out (`!Ref x` is `{ Ref: 'x' }`), and where each stood. */
export interface TemplateDocument {
  readonly value: unknown;
  readonly lines: Lines;
}

interface Reading {
  readonly file: string;
  readonly lines: Lines;
  readonly lineOf: (node: unknown) => number;
  readonly resolveAlias: (node: Node) => Node | undefined;
}

/**
 * Parses YAML or JSON (a subset of YAML 1.2) with CloudFormation's short tags.
 * Throws `bad-template` for what is no YAML and `unsupported-intrinsic` for a tag that is not supported, with file and line.
 */
export function parseTemplateDocument(file: string, text: string): TemplateDocument {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, version: '1.2', logLevel: 'silent' });
  const error = document.errors[0];
  if (error) {
    const line = error.linePos?.[0].line;
    throw templateError('bad-template', { file, line }, `this is neither valid YAML nor JSON: ${firstLine(error.message)}`);
  }
  const lines = new Lines();
  const reading: Reading = {
    file,
    lines,
    lineOf: (node) => counter.linePos((node as Node | null)?.range?.[0] ?? 0).line,
    resolveAlias: (node) => (isAlias(node) ? node.resolve(document) : undefined),
  };
  return { value: toValue(document.contents, reading), lines };
}

function toValue(node: unknown, reading: Reading): unknown {
  if (isAlias(node)) return toValue(reading.resolveAlias(node), reading);
  const plain = toPlain(node, reading);
  const tag = (node as Node | null)?.tag;
  return tag?.startsWith('!') ? longForm(tag.slice(1), plain, node, reading) : plain;
}

function toPlain(node: unknown, reading: Reading): unknown {
  if (isMap(node)) return toObject(node, reading);
  if (isSeq(node)) {
    const list = node.items.map((item) => toValue(item, reading));
    reading.lines.mark(list, reading.lineOf(node), new Map(node.items.map((item, index) => [String(index), reading.lineOf(item)])));
    return list;
  }
  if (!isScalar(node)) return null;
  // `0123` is a number in YAML, but account ids and the like start with zeros: CloudFormation's own reader keeps their digits.
  if (typeof node.value === 'number' && /^[-+]?0\d/.test(node.source ?? '')) return node.source;
  return node.value;
}

function toObject(node: YAMLMap, reading: Reading): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  const keys = new Map<string, number>();
  for (const pair of node.items) {
    if (!isPair(pair)) continue;
    const key = isScalar(pair.key) ? (pair.key.source ?? String(pair.key.value)) : String(pair.key);
    keys.set(key, reading.lineOf(pair.key));
    Object.defineProperty(object, key, { value: toValue(pair.value, reading), enumerable: true, writable: true, configurable: true });
  }
  reading.lines.mark(object, reading.lineOf(node), keys);
  return object;
}

/** `!GetAtt a.b.c` is `{ 'Fn::GetAtt': ['a', 'b.c'] }`; `!Ref` and `!Condition` have no prefix; all others are `Fn::<tag>`. */
function longForm(tag: string, plain: unknown, node: unknown, reading: Reading): unknown {
  const line = reading.lineOf(node);
  const name = tag === 'Ref' || tag === 'Condition' ? tag : `Fn::${tag}`;
  if (!isSupported(name)) {
    throw templateError(
      'unsupported-intrinsic',
      { file: reading.file, line },
      `!${tag} is not supported`,
      `supported are ${supportedNames.join(', ')}`,
    );
  }
  let argument = plain;
  if (name === 'Fn::GetAtt' && typeof plain === 'string') {
    const dot = plain.indexOf('.');
    argument = dot < 0 ? plain : [plain.slice(0, dot), plain.slice(dot + 1)];
  }
  const object = { [name]: argument };
  reading.lines.mark(object, line, new Map([[name, line]]));
  return object;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? text;
}
