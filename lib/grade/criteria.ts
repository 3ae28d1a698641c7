import { ProofloadError } from '../core/errors.ts';
import type { CriterionResult } from './types.ts';

const operators = {
  '<': (left: number, right: number) => left < right,
  '<=': (left: number, right: number) => left <= right,
  '=': (left: number, right: number) => left === right,
  '>=': (left: number, right: number) => left >= right,
  '>': (left: number, right: number) => left > right,
} as const;

/** One comparison with a number, as Keptn writes it: `<600`, `<= 0.5`, `=0`; with a sign, with what earlier runs had: `<=+10%`, `<+50`. */
export interface Criterion {
  readonly text: string;
  readonly operator: keyof typeof operators;
  /** What the value is held against; of a relative criterion what is added to the earlier value, as its share in percent or as it is. */
  readonly bound: number;
  readonly relative?: 'percent' | 'absolute';
}

/** Criteria that must all hold; a list of such groups holds when one of them does. */
export type CriteriaGroups = readonly (readonly Criterion[])[];

/** @param where the criterion's place in the file, for the error, such as `objectives[0].pass[0].criteria[1]` */
export function parseCriterion(text: unknown, where: string): Criterion {
  const hint =
    'write an operator (<, <=, =, >=, >) and a number in the unit of the indicator, such as "<600"; against earlier runs "<=+10%" or "<=+50"';
  if (typeof text !== 'string') throw new ProofloadError('bad-objectives', `${where} is ${JSON.stringify(text)}, not a text`, { hint });
  const [, operator, sign, digits, percent] = /^\s*(<=|>=|<|>|=)\s*([+-]?)\s*(\d+(?:\.\d+)?)\s*(%?)\s*$/.exec(text) ?? [];
  if (operator === undefined || digits === undefined)
    throw new ProofloadError('bad-objectives', `${where} is "${text}", which is not a criterion`, { hint });
  if (percent && !sign)
    throw new ProofloadError('bad-objectives', `${where} is "${text}": a share of what earlier runs had is written with its sign`, {
      hint: `write "${operator}+${digits}%" against earlier runs; error_rate is in percent already, so "<=1" is at most 1 %`,
    });
  const bound = sign === '-' ? -Number(digits) : Number(digits);
  const relative = sign ? { relative: percent ? ('percent' as const) : ('absolute' as const) } : {};
  return { text: text.trim(), operator: operator as keyof typeof operators, bound, ...relative };
}

/** What `criterion` asks of the value; undefined of a relative one without an earlier value. */
function targetOf({ bound, relative }: Criterion, earlier: number | undefined): number | undefined {
  if (relative === undefined) return bound;
  if (earlier === undefined) return undefined;
  return relative === 'percent' ? earlier + (Math.abs(earlier) * bound) / 100 : earlier + bound;
}

/** Keptn's rule: with nothing to compare with, a relative criterion is met; the caller tells. */
function isMet(criterion: Criterion, value: number, earlier: number | undefined): boolean {
  const target = targetOf(criterion, earlier);
  return target === undefined || operators[criterion.operator](value, target);
}

/** Whether one group holds as a whole. Keptn: AND inside a list of criteria, OR between the lists. */
export function isOneGroupMet(groups: CriteriaGroups, value: number, earlier: number | undefined): boolean {
  return groups.some((group) => group.every((criterion) => isMet(criterion, value, earlier)));
}

/** Each criterion on its own; without a value none is met. */
export function criterionResults(groups: CriteriaGroups, value: number | undefined, earlier: number | undefined): CriterionResult[] {
  return groups.flat().map((criterion) => {
    const target = criterion.relative ? targetOf(criterion, earlier) : undefined;
    const compared = criterion.relative ? { earlier: earlier ?? null, ...(target === undefined ? {} : { target }) } : {};
    return { criterion: criterion.text, met: value !== undefined && isMet(criterion, value, earlier), ...compared };
  });
}
