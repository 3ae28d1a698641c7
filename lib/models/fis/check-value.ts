import { durationSec } from '../iso-duration.ts';
import type { ValueRule } from './actions/action.ts';
import { listed } from './actions/cloudwatch-assert-alarm-state.ts';
import { documentParameters } from './actions/ssm-start-automation-execution.ts';
import type { FisLimits } from './limits.ts';
import { invalid } from './refusals.ts';

/** Refuses a value of a parameter that is not what `rule` says; all parameters of FIS are texts. */
export function checkValue(where: string, value: string, rule: ValueRule, limits: FisLimits): void {
  if (typeof value !== 'string' || value.length > 1024) throw invalid(`${where} must be a string of at most 1024 characters.`);
  checks[rule.kind](where, value, rule, limits);
}

type Check = (where: string, value: string, rule: ValueRule, limits: FisLimits) => void;

const checks: { readonly [Kind in ValueRule['kind']]: Check } = {
  text: () => undefined,
  boolean: (where, value) => {
    if (value !== 'true' && value !== 'false') throw invalid(`${where} must be true or false, not ${value}.`);
  },
  'json-object': (where, value) => {
    if (documentParameters(value) === undefined) throw invalid(`${where} must be a JSON object of strings and lists of strings.`);
  },
  json: (where, value) => {
    if (!isJsonObject(value)) throw invalid(`${where} must be a JSON object.`);
  },
  choice: (where, value, { choices = [] }) => {
    if (!choices.includes(value)) throw invalid(`${where} must be one of ${choices.join(', ')}, not ${value}.`);
  },
  integer: (where, value, rule, limits) => checkNumber(where, value, /^\d{1,9}$/.test(value), 'a whole number', rule, limits),
  number: (where, value, rule, limits) => checkNumber(where, value, /^\d{1,9}(\.\d{1,9})?$/.test(value), 'a number', rule, limits),
  list: checkList,
  duration: checkDuration,
};

function checkNumber(where: string, value: string, isOne: boolean, what: string, { range }: ValueRule, { ranges }: FisLimits): void {
  const { min, max } = range === undefined ? { min: 0, max: Number.POSITIVE_INFINITY } : ranges[range];
  if (isOne && Number(value) >= min && Number(value) <= max) return;
  throw invalid(`${where} must be ${what}${range === undefined ? '' : ` from ${min} to ${max}`}, not ${value}.`);
}

function checkList(where: string, value: string, { items }: ValueRule, { listItems }: FisLimits): void {
  if (!items) return;
  const given = listed(value);
  if (!given.every((item) => items.pattern.test(item))) throw invalid(`${where} must be ${items.what}, separated by commas, not ${value}.`);
  if (items.most === 'alarms' && given.length > listItems) throw invalid(`${where} can have at most ${listItems} items.`);
}

function checkDuration(where: string, value: string, { bounds = 'action' }: ValueRule, { durations }: FisLimits): void {
  const { min, max } = durations[bounds];
  const seconds = durationSec(value);
  if (seconds === undefined) throw invalid(`${where} must be an ISO 8601 duration such as PT5M, not ${value}.`);
  if (seconds < min || seconds > max) throw invalid(`${where} must be from ${isoText(min)} to ${isoText(max)}, not ${value}.`);
}

/** `PT12H`, `PT1M`, `PT1S`: in the largest unit that takes a whole number. */
function isoText(sec: number): string {
  if (sec % 3600 === 0) return `PT${sec / 3600}H`;
  return sec % 60 === 0 ? `PT${sec / 60}M` : `PT${sec}S`;
}

function isJsonObject(value: string): boolean {
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
  } catch {
    return false;
  }
}
