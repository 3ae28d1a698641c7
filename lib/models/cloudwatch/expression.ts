/** A metric math expression, parsed. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly Expression[] }
  | { readonly kind: 'operator'; readonly operator: string; readonly left: Expression; readonly right: Expression };

/** What a metric math expression may not contain here, in words for the caller. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
}

const tokenPattern = /\s*(?:(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|([A-Za-z][A-Za-z0-9_]*)|("[^"]*"|'[^']*')|(<=|>=|==|!=|&&|\|\||[-+*/^<>()[\],]))/y;

/** Operators from the loosest to the tightest. */
const precedence: readonly (readonly string[])[] = [['||'], ['&&'], ['==', '!=', '<', '>', '<=', '>='], ['+', '-'], ['*', '/'], ['^']];

/** Parses CloudWatch metric math: numbers, ids, arithmetic and comparison, function calls, lists. Throws ExpressionError. */
export function parseExpression(text: string): Expression {
  const tokens = tokensOf(text);
  const [expression, rest] = parseLevel(tokens, 0, 0);
  if (rest < tokens.length) throw new ExpressionError(`unexpected '${tokens[rest]}' in '${text}'`);
  return expression;
}

/** Every id that the expression names. */
export function namesIn(expression: Expression): string[] {
  switch (expression.kind) {
    case 'name':
      return [expression.name];
    case 'list':
      return expression.items.flatMap(namesIn);
    case 'call':
      return expression.arguments.flatMap(namesIn);
    case 'operator':
      return [...namesIn(expression.left), ...namesIn(expression.right)];
    default:
      return [];
  }
}

/** Whether the expression calls `METRICS`, which stands for every metric of the request. */
export function usesAllMetrics(expression: Expression): boolean {
  if (expression.kind === 'call') return expression.name === 'METRICS' || expression.arguments.some(usesAllMetrics);
  if (expression.kind === 'list') return expression.items.some(usesAllMetrics);
  return expression.kind === 'operator' && (usesAllMetrics(expression.left) || usesAllMetrics(expression.right));
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  tokenPattern.lastIndex = 0;
  let end = 0;
  for (let match = tokenPattern.exec(text); match; match = tokenPattern.exec(text)) {
    tokens.push(match[1] ?? match[2] ?? match[3] ?? match[4] ?? '');
    end = tokenPattern.lastIndex;
  }
  if (text.slice(end).trim() !== '') throw new ExpressionError(`cannot read '${text.slice(end).trim()}' in '${text}'`);
  return tokens;
}

type Parsed = readonly [Expression, number];

function parseLevel(tokens: readonly string[], at: number, level: number): Parsed {
  const operators = precedence[level];
  if (!operators) return parseUnary(tokens, at);
  let [left, next] = parseLevel(tokens, at, level + 1);
  for (let operator = tokens[next]; operator !== undefined && operators.includes(operator); operator = tokens[next]) {
    const [right, after] = parseLevel(tokens, next + 1, level + 1);
    left = { kind: 'operator', operator, left, right };
    next = after;
  }
  return [left, next];
}

function parseUnary(tokens: readonly string[], at: number): Parsed {
  if (tokens[at] !== '-') return parsePrimary(tokens, at);
  const [right, next] = parseUnary(tokens, at + 1);
  return [{ kind: 'operator', operator: '-', left: { kind: 'number', value: 0 }, right }, next];
}

function parsePrimary(tokens: readonly string[], at: number): Parsed {
  const token = tokens[at];
  if (token === undefined) throw new ExpressionError('the expression ends too early');
  if (token === '(') {
    const [inner, next] = parseLevel(tokens, at + 1, 0);
    return [inner, expectToken(tokens, next, ')')];
  }
  if (token === '[') {
    const [items, next] = parseList(tokens, at + 1, ']');
    return [{ kind: 'list', items }, next];
  }
  if (/^\d/.test(token)) return [{ kind: 'number', value: Number(token) }, at + 1];
  if (/^["']/.test(token)) return [{ kind: 'text', value: token.slice(1, -1) }, at + 1];
  if (!/^[A-Za-z]/.test(token)) throw new ExpressionError(`unexpected '${token}'`);
  if (tokens[at + 1] !== '(') return [{ kind: 'name', name: token }, at + 1];
  const [items, next] = parseList(tokens, at + 2, ')');
  return [{ kind: 'call', name: token.toUpperCase(), arguments: items }, next];
}

function parseList(tokens: readonly string[], at: number, end: string): readonly [Expression[], number] {
  const items: Expression[] = [];
  if (tokens[at] === end) return [items, at + 1];
  for (let next = at; ; next++) {
    const [item, after] = parseLevel(tokens, next, 0);
    items.push(item);
    if (tokens[after] !== ',') return [items, expectToken(tokens, after, end)];
    next = after;
  }
}

function expectToken(tokens: readonly string[], at: number, wanted: string): number {
  if (tokens[at] !== wanted) throw new ExpressionError(`expected '${wanted}'${tokens[at] === undefined ? '' : ` instead of '${tokens[at]}'`}`);
  return at + 1;
}
