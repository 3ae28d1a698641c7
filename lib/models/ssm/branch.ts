import { parseJsonPath } from './json-path.ts';

/** How one operator of aws:branch compares; false for values of another kind. */
type Comparison = (left: unknown, right: unknown) => boolean;

const texts =
  (compare: (left: string, right: string) => boolean): Comparison =>
  (left, right) =>
    left !== undefined && left !== null && typeof left !== 'object' && compare(String(left), String(right));

const numbers =
  (compare: (left: number, right: number) => boolean): Comparison =>
  (left, right) =>
    isNumber(left) && isNumber(right) && compare(Number(left), Number(right));

function isNumber(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)));
}

/** Operators of aws:branch (AWS Systems Manager user guide, conditional statements in runbooks). */
const operators: Readonly<Record<string, Comparison>> = {
  StringEquals: texts((left, right) => left === right),
  EqualsIgnoreCase: texts((left, right) => left.toLowerCase() === right.toLowerCase()),
  StartsWith: texts((left, right) => left.startsWith(right)),
  EndsWith: texts((left, right) => left.endsWith(right)),
  Contains: texts((left, right) => left.includes(right)),
  NumericEquals: numbers((left, right) => left === right),
  NumericGreater: numbers((left, right) => left > right),
  NumericLesser: numbers((left, right) => left < right),
  NumericGreaterOrEquals: numbers((left, right) => left >= right),
  NumericLesserOrEquals: numbers((left, right) => left <= right),
  BooleanEquals: (left, right) => left !== undefined && String(left).toLowerCase() === String(right).toLowerCase(),
};

interface Choice {
  readonly [key: string]: unknown;
  readonly NextStep?: string;
  readonly Variable?: unknown;
  readonly And?: readonly Choice[];
  readonly Or?: readonly Choice[];
  readonly Not?: Choice;
}

/** Looks up what a choice's Variable stands for; undefined when it has no value (an output that its selector did not find). */
export type Lookup = (value: unknown) => unknown;

/** The step to jump to: of the first choice that holds, else Default, else undefined (then the next step follows). */
export function branchTarget(inputs: Readonly<Record<string, unknown>>, lookup: Lookup): string | undefined {
  const choices = (inputs['Choices'] ?? []) as readonly Choice[];
  const chosen = choices.find((choice) => holds(choice, lookup));
  const otherwise = inputs['Default'];
  return chosen?.NextStep ?? (typeof otherwise === 'string' ? otherwise : undefined);
}

function holds(choice: Choice, lookup: Lookup): boolean {
  if (choice.And) return choice.And.every((each) => holds(each, lookup));
  if (choice.Or) return choice.Or.some((each) => holds(each, lookup));
  if (choice.Not) return !holds(choice.Not, lookup);
  const operator = operatorOf(choice);
  if (!operator) return false;
  const left = lookup(choice.Variable);
  return left !== undefined && (operators[operator]?.(left, lookup(choice[operator])) ?? false);
}

function operatorOf(choice: Choice): string | undefined {
  return Object.keys(choice).find((key) => Object.hasOwn(operators, key));
}

/** What is wrong with the inputs of an aws:branch step, and the steps to which it may jump. */
export function checkBranch(inputs: Readonly<Record<string, unknown>>): { errors: string[]; steps: string[] } {
  const errors: string[] = [];
  const steps: string[] = [];
  const choices = inputs['Choices'];
  if (!Array.isArray(choices) || choices.length === 0) errors.push('aws:branch needs Choices');
  for (const choice of Array.isArray(choices) ? (choices as Choice[]) : []) {
    if (typeof choice.NextStep !== 'string') errors.push('each of Choices needs NextStep');
    else steps.push(choice.NextStep);
    errors.push(...checkChoice(choice));
  }
  const otherwise = inputs['Default'];
  if (typeof otherwise === 'string') steps.push(otherwise);
  return { errors, steps };
}

function checkChoice(choice: Choice): string[] {
  const nested = [...(choice.And ?? []), ...(choice.Or ?? []), ...(choice.Not ? [choice.Not] : [])];
  if (nested.length > 0) return nested.flatMap(checkChoice);
  const rest = Object.keys(choice).filter((key) => key !== 'NextStep' && key !== 'Variable');
  const unknown = rest.find((key) => !Object.hasOwn(operators, key));
  if (unknown !== undefined) return [`aws:branch has no operator ${unknown}`];
  if (choice.Variable === undefined || rest.length !== 1) return ['each of Choices needs Variable and one operator'];
  return [];
}

/** Says what a selector uses that the lab does not support; undefined when all is well. */
export function selectorProblem(selector: string): string | undefined {
  const parsed = parseJsonPath(selector);
  return typeof parsed === 'string' ? parsed : undefined;
}
