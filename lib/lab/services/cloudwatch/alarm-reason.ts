import { isoTime } from '../../../core/time-format.ts';
import { type AlarmDecision, type AlarmRule, type AlarmState, comparisons } from '../../../models/cloudwatch/alarm.ts';

export interface ReasonFacts {
  readonly rule: AlarmRule;
  readonly decision: AlarmDecision;
  readonly from: AlarmState;
  readonly to: AlarmState;
  /** Period starts of the decision's points, newest first. */
  readonly startsMs: readonly number[];
}

/** Why an alarm is in its state, in the sentences that CloudWatch writes. */
export function reasonText(facts: ReasonFacts): string {
  const { rule, decision, from, to } = facts;
  if (to === 'INSUFFICIENT_DATA') return `Insufficient Data: ${points(rule.evaluationPeriods)} ${was(rule.evaluationPeriods)} unknown.`;
  if (decision.evaluated.length === 0) {
    const treated = rule.missingData === 'breaching' ? 'Breaching' : 'NonBreaching';
    const filled = `${decision.filled} missing ${decision.filled === 1 ? 'datapoint was' : 'datapoints were'} treated as [${treated}]`;
    return `Threshold Crossed: no datapoints were received for ${counted(decision.filled, 'period')} and ${filled}.`;
  }
  const shown = to === 'ALARM' ? decision.breaching : decision.evaluated.length - decision.breaching;
  const { words } = comparisons[rule.comparison];
  const total = decision.evaluated.length;
  const crossed = `${shown} out of the last ${total} datapoints ${listed(facts)} ${was(shown)}${to === 'ALARM' ? '' : ' not'} ${words} the threshold (${decimal(rule.threshold)})`;
  const needed = to === 'ALARM' ? rule.datapointsToAlarm : rule.evaluationPeriods - rule.datapointsToAlarm + 1;
  return `Threshold Crossed: ${crossed} (minimum ${points(needed)} for ${from} -> ${to} transition).`;
}

function listed({ decision, startsMs, rule, to }: ReasonFacts): string {
  const breaches = (value: number): boolean => comparisons[rule.comparison].breaches(value, rule.threshold);
  const texts = decision.evaluated
    .map((value, index) => ({ value, text: `${decimal(value)} (${dayFirst(startsMs[index] ?? 0)})` }))
    .filter(({ value }) => breaches(value) === (to === 'ALARM'))
    .map(({ text }) => text);
  return `[${texts.join(', ')}]`;
}

/** `24/11/26 10:43:00`, the form in CloudWatch's reasons. */
function dayFirst(ms: number): string {
  const iso = isoTime(ms);
  return `${iso.slice(8, 10)}/${iso.slice(5, 7)}/${iso.slice(2, 4)} ${iso.slice(11, 19)}`;
}

function decimal(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

const points = (count: number): string => counted(count, 'datapoint');
const was = (count: number): string => (count === 1 ? 'was' : 'were');
