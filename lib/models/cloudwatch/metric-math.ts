import { type Expression, ExpressionError } from './expression.ts';

/** Values by the start of their period. */
export type TimeSeries = ReadonlyMap<number, number>;

/** What an expression is evaluated over. */
export interface MathScope {
  /** The series of an id, of a metric or of another expression. */
  series(id: string): TimeSeries;
  /** Ids of the metrics of the request, which `METRICS()` stands for. */
  readonly metricIds: readonly string[];
  /** Starts of all periods of the request, ascending: what FILL fills. */
  readonly periodStarts: readonly number[];
}

type Value = number | TimeSeries | readonly TimeSeries[];

const operators: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '^': (a, b) => a ** b,
  '<': (a, b) => Number(a < b),
  '>': (a, b) => Number(a > b),
  '<=': (a, b) => Number(a <= b),
  '>=': (a, b) => Number(a >= b),
  '==': (a, b) => Number(a === b),
  '!=': (a, b) => Number(a !== b),
  '&&': (a, b) => Number(a !== 0 && b !== 0),
  '||': (a, b) => Number(a !== 0 || b !== 0),
};

const aggregates: Readonly<Record<string, (values: readonly number[]) => number>> = {
  SUM: (values) => values.reduce((sum, each) => sum + each, 0),
  AVG: (values) => values.reduce((sum, each) => sum + each, 0) / values.length,
  MIN: (values) => Math.min(...values),
  MAX: (values) => Math.max(...values),
};

/** Functions of CloudWatch's metric math that are evaluated here; any other is refused by name. */
export const mathFunctions = [...Object.keys(aggregates), 'FILL', 'IF', 'METRICS'] as const;

/**
 * Evaluates an expression to one series; throws ExpressionError for what has no single series or is not supported here.
 * A period in which an operand has no point has none in the result, nor has a division by zero.
 */
export function evaluateExpression(expression: Expression, scope: MathScope): TimeSeries {
  const value = evaluate(expression, scope);
  if (value instanceof Map) return value;
  if (typeof value === 'number') throw new ExpressionError('the expression gives a single number, not a time series');
  throw new ExpressionError('the expression gives several time series: not supported in the lab');
}

function evaluate(expression: Expression, scope: MathScope): Value {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'name':
      return scope.series(expression.name);
    case 'list':
      return expression.items.flatMap((item) => seriesList(evaluate(item, scope)));
    case 'operator':
      return operate(expression, scope);
    case 'call':
      return call(expression.name, expression.arguments, scope);
    default:
      throw new ExpressionError(`unexpected text '${expression.value}'`);
  }
}

function seriesList(value: Value): readonly TimeSeries[] {
  if (typeof value === 'number') throw new ExpressionError('a list takes time series, not numbers');
  return value instanceof Map ? [value] : (value as readonly TimeSeries[]);
}

function operate(expression: Expression & { kind: 'operator' }, scope: MathScope): Value {
  const compute = operators[expression.operator];
  if (!compute) throw new ExpressionError(`operator '${expression.operator}' is not supported in the lab`);
  return zip([evaluate(expression.left, scope), evaluate(expression.right, scope)], ([a = Number.NaN, b = Number.NaN]) =>
    Number.isNaN(a) || Number.isNaN(b) ? Number.NaN : compute(a, b),
  );
}

/** Applies `compute` period by period of the first series; numbers count for every period, a missing point is NaN, and a result that is not finite is left out. */
function zip(values: readonly Value[], compute: (values: readonly number[]) => number): number | TimeSeries {
  if (values.every((value) => typeof value === 'number')) return compute(values);
  const operands = values.map((value) => (typeof value === 'number' ? value : singleSeries(value)));
  const first = operands.find((operand) => typeof operand !== 'number');
  const result = new Map<number, number>();
  for (const at of first?.keys() ?? []) {
    const computed = compute(operands.map((operand) => (typeof operand === 'number' ? operand : (operand.get(at) ?? Number.NaN))));
    if (Number.isFinite(computed)) result.set(at, computed);
  }
  return result;
}

function singleSeries(value: TimeSeries | readonly TimeSeries[]): TimeSeries {
  if (value instanceof Map) return value;
  throw new ExpressionError('arithmetic over several time series at once is not supported in the lab');
}

function call(name: string, parameters: readonly Expression[], scope: MathScope): Value {
  const aggregate = Object.hasOwn(aggregates, name) ? aggregates[name] : undefined;
  if (aggregate) return aggregateOf(aggregate, parameters, scope);
  if (name === 'METRICS') return allMetrics(parameters, scope);
  if (name === 'FILL') return fill(parameters, scope);
  if (name === 'IF') return choose(parameters, scope);
  throw new ExpressionError(`function ${name} is not supported in the lab (it has ${mathFunctions.join(', ')})`);
}

function aggregateOf(aggregate: (values: readonly number[]) => number, parameters: readonly Expression[], scope: MathScope): Value {
  const value = evaluate(onlyOne(parameters), scope);
  if (typeof value === 'number') return value;
  if (value instanceof Map) return value.size ? aggregate([...value.values()]) : Number.NaN;
  const result = new Map<number, number>();
  const all = value as readonly TimeSeries[];
  const starts = new Set(all.flatMap((series) => [...series.keys()]));
  for (const at of [...starts].sort((a, b) => a - b)) {
    result.set(at, aggregate(all.map((series) => series.get(at)).filter((each) => each !== undefined)));
  }
  return result;
}

function onlyOne(parameters: readonly Expression[]): Expression {
  const [only] = parameters;
  if (!only || parameters.length > 1) throw new ExpressionError('the function takes one argument (a list in brackets counts as one)');
  return only;
}

function allMetrics(parameters: readonly Expression[], scope: MathScope): readonly TimeSeries[] {
  const [filter] = parameters;
  if (filter && filter.kind !== 'text') throw new ExpressionError('METRICS takes text in quotes, or nothing');
  return scope.metricIds.filter((id) => !filter || id.includes(filter.value)).map((id) => scope.series(id));
}

function fill(parameters: readonly Expression[], scope: MathScope): Value {
  const [what, filling] = parameters;
  if (!what || !filling || parameters.length > 2) throw new ExpressionError('FILL takes a time series and what to fill in');
  const value = evaluate(what, scope);
  if (typeof value === 'number') return value;
  const filled = seriesList(value).map((series) => fillSeries(series, filling, scope));
  return value instanceof Map ? (filled[0] ?? new Map()) : filled;
}

function fillSeries(series: TimeSeries, filling: Expression, scope: MathScope): TimeSeries {
  const repeat = filling.kind === 'name' && filling.name.toUpperCase() === 'REPEAT';
  if (filling.kind === 'name' && filling.name.toUpperCase() === 'LINEAR') throw new ExpressionError('FILL with LINEAR is not supported in the lab');
  const constant = repeat ? undefined : evaluate(filling, scope);
  if (constant !== undefined && typeof constant !== 'number') throw new ExpressionError('FILL takes a number or REPEAT');
  const result = new Map<number, number>();
  let last: number | undefined;
  for (const at of scope.periodStarts) {
    last = series.get(at) ?? (repeat ? last : constant);
    if (last !== undefined) result.set(at, last);
  }
  return result;
}

function choose(parameters: readonly Expression[], scope: MathScope): Value {
  const [condition, yes, no] = parameters;
  if (!condition || !yes || parameters.length > 3) throw new ExpressionError('IF takes a condition, a value and, at will, another value');
  const values = [evaluate(condition, scope), evaluate(yes, scope), ...(no ? [evaluate(no, scope)] : [])];
  return zip(values, ([test = Number.NaN, whenTrue, whenFalse]) => {
    if (Number.isNaN(test)) return Number.NaN;
    return (test !== 0 ? whenTrue : whenFalse) ?? Number.NaN;
  });
}
