/** What dynalite's parsers take beside the expression: names and values by placeholder, and the placeholders that no expression has used yet. */
interface ParseContext {
  readonly attrNames?: Readonly<Record<string, string>> | undefined;
  readonly attrVals?: Values | undefined;
  unusedAttrNames?: Record<string, true>;
  unusedAttrVals?: Record<string, true>;
  readonly isKeyCondition?: boolean;
}

type Values = Readonly<Record<string, object>>;
type Parse = (text: string, options: { context: ParseContext }) => unknown;

/** One of dynalite's parsers, as its module exports it. */
export interface Parser {
  parse: Parse;
}

/** An expression that was parsed: what it came to, with slots in the place of values, and which placeholders it uses. */
interface Parsed {
  readonly tree: unknown;
  readonly names: readonly string[];
  readonly values: readonly string[];
}

class Slot {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** Where the parser judges what a value holds, not only its type. */
const judgesValues = /between|attribute_type/i;
const types = ['S', 'N', 'B', 'NULL', 'BOOL', 'SS', 'NS', 'BS', 'L', 'M'];

/** Texts that are kept of each parser; an application has some tens, one that writes its values into the text has no end of them. */
const maxKept = 1000;

/**
 * Has a parser remember what it parsed: an application sends the same expressions over and over, with other values, and parsing one costs more than
 * the write. A refused expression is not remembered.
 */
export function rememberExpressions(parser: Parser): void {
  const { parse } = parser;
  const known = new Map<string, Parsed>();
  parser.parse = (text, options) => {
    const { context } = options;
    const key = judgesValues.test(text) ? undefined : keyOf(text, context);
    if (key === undefined) return parse(text, options);
    const found = known.get(key);
    if (found) return reused(found, context);
    const unused = { unusedAttrNames: marks(context.attrNames), unusedAttrVals: marks(context.attrVals) };
    const result = parse(text, { context: { ...context, ...unused } });
    if (typeof result === 'string') return parse(text, options);
    const used = (all: object | undefined, left: object): string[] => Object.keys(all ?? {}).filter((name) => !(name in left));
    const parsed = {
      tree: slotted(result, placeholders(context.attrVals)),
      names: used(context.attrNames, unused.unusedAttrNames),
      values: used(context.attrVals, unused.unusedAttrVals),
    };
    if (known.size >= maxKept) known.clear();
    known.set(key, parsed);
    return reused(parsed, context);
  };
}

/** All that the outcome depends on; undefined where two placeholders have one value, so that a slot could not tell them apart. */
function keyOf(text: string, { attrNames, attrVals, isKeyCondition }: ParseContext): string | undefined {
  let key = isKeyCondition ? `key ${text}` : text;
  for (const name in attrNames) key += `\n${name} ${JSON.stringify(attrNames[name])}`;
  if (!attrVals) return key;
  const values = Object.values(attrVals);
  if (new Set(values).size < values.length) return undefined;
  for (const name in attrVals) key += `\n${name} ${typeOf(attrVals[name] as object)}`;
  return key;
}

function typeOf(value: object): string {
  return types.find((type) => (value as Record<string, unknown>)[type] !== undefined && (value as Record<string, unknown>)[type] !== null) ?? '';
}

function marks(placeholderNames: object | undefined): Record<string, true> {
  return Object.fromEntries(Object.keys(placeholderNames ?? {}).map((name) => [name, true]));
}

function placeholders(values: Values | undefined): ReadonlyMap<unknown, string> {
  return new Map(Object.entries(values ?? {}).map(([name, value]) => [value, name]));
}

function reused({ tree, names, values }: Parsed, { attrVals = {}, unusedAttrNames, unusedAttrVals }: ParseContext): unknown {
  for (const name of names) delete unusedAttrNames?.[name];
  for (const name of values) delete unusedAttrVals?.[name];
  return filled(tree, attrVals);
}

function slotted(node: unknown, names: ReadonlyMap<unknown, string>): unknown {
  const name = names.get(node);
  return name === undefined ? copied(node, (each) => slotted(each, names)) : new Slot(name);
}

function filled(node: unknown, values: Values): unknown {
  return node instanceof Slot ? values[node.name] : copied(node, (each) => filled(each, values));
}

/** A copy, because dynalite writes into what it acts on; except of paths, which it only reads. */
function copied(node: unknown, copy: (node: unknown) => unknown): unknown {
  if (typeof node !== 'object' || node === null) return node;
  if (Array.isArray(node)) return node.every((each) => typeof each !== 'object') ? node : node.map(copy);
  // What maps attribute names has no prototype, so that none of them is found there.
  const result: Record<string, unknown> = Object.getPrototypeOf(node) === null ? Object.create(null) : {};
  for (const name in node) result[name] = copy((node as Record<string, unknown>)[name]);
  return result;
}
