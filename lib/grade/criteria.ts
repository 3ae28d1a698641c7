import { ProofloadError } from '../core/errors.ts';
import type { CriterionResult } from './types.ts';

const operators = {
  '<': (left: number, right: number) => left < right,
  '<=': (left: number, right: number) => left <= right,
  '=': (left: number, right: number) => left === right,
  '>=': (left: number, right: number) => left >= right,
  '>': (left: number, right: number) => left > right,
} as const;

/** One comparison with a number, as Keptn writes it: `<600`, `<= 0.5`, `=0`. */
export interface Criterion {
  readonly text: string;
  readonly operator: keyof typeof operators;
  readonly bound: number;
}

/** Criteria that must all hold; a list of such groups holds when one of them does. */
export type CriteriaGroups = readonly (readonly Criterion[])[];

/** @param where the criterion's place in the file, for the error, such as `objectives[0].pass[0].criteria[1]` */
export function parseCriterion(text: unknown, where: string): Criterion {
  const hint = 'write an operator (<, <=, =, >=, >) and a number in the unit of the indicator, such as "<600"';
  if (typeof text !== 'string') throw new ProofloadError('bad-objectives', `${where} is ${JSON.stringify(text)}, not a text`, { hint });
  const [, operator, sign, digits, percent] = /^\s*(<=|>=|<|>|=)\s*([+-]?)\s*(\d+(?:\.\d+)?)\s*(%?)\s*$/.exec(text) ?? [];
  if (operator === undefined || digits === undefined)
    throw new ProofloadError('bad-objectives', `${where} is "${text}", which is not a criterion`, { hint });
  if (sign || percent)
    throw new ProofloadError(
      'bad-objectives',
      `${where} is "${text}": with a sign or % it is relative to earlier runs, and that comes with comparisons, which this version does not have`,
      { hint: `${hint}; error_rate is in percent, so "<=1" is at most 1 %` },
    );
  return { text: text.trim(), operator: operator as keyof typeof operators, bound: Number(digits) };
}

function isMet(criterion: Criterion, value: number): boolean {
  return operators[criterion.operator](value, criterion.bound);
}

/** Whether one group holds as a whole. Keptn: AND inside a list of criteria, OR between the lists. */
export function isOneGroupMet(groups: CriteriaGroups, value: number): boolean {
  return groups.some((group) => group.every((criterion) => isMet(criterion, value)));
}

/** Each criterion on its own; without a value none is met. */
export function criterionResults(groups: CriteriaGroups, value: number | undefined): CriterionResult[] {
  return groups.flat().map((criterion) => ({ criterion: criterion.text, met: value !== undefined && isMet(criterion, value) }));
}
