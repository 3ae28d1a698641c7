export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

export type MissingData = 'missing' | 'notBreaching' | 'breaching' | 'ignore';

/** How AWS's comparison operators for a fixed threshold say that a value breaches it, and the words it uses in a reason. */
export const comparisons = {
  GreaterThanOrEqualToThreshold: { breaches: (value: number, threshold: number) => value >= threshold, words: 'greater than or equal to' },
  GreaterThanThreshold: { breaches: (value: number, threshold: number) => value > threshold, words: 'greater than' },
  LessThanThreshold: { breaches: (value: number, threshold: number) => value < threshold, words: 'less than' },
  LessThanOrEqualToThreshold: { breaches: (value: number, threshold: number) => value <= threshold, words: 'less than or equal to' },
} as const;

export type ComparisonOperator = keyof typeof comparisons;

export interface AlarmRule {
  readonly comparison: ComparisonOperator;
  readonly threshold: number;
  /** N: how many data points decide. */
  readonly evaluationPeriods: number;
  /** M: how many of them must breach. */
  readonly datapointsToAlarm: number;
  readonly missingData: MissingData;
}

/** What an evaluation decided, and on which data points (newest first, as CloudWatch's reasons list them). */
export interface AlarmDecision {
  /** `retain` where CloudWatch keeps the state as it is. */
  readonly state: AlarmState | 'retain';
  /** Values that decided, newest first. */
  readonly evaluated: readonly number[];
  readonly breaching: number;
  /** Missing points that were filled in, 0 where enough were there. */
  readonly filled: number;
}

/**
 * Decides an alarm's state over its evaluation range: `range` holds the value of each period, oldest first, undefined where
 * it has none. CloudWatch retrieves more periods than it needs; with N or more real points the newest N decide, otherwise the
 * real points and as few filled-in ones as make N (CloudWatch user guide, "How alarm state is evaluated when data is missing",
 * whose tables are the tests of this function).
 */
export function evaluateAlarm(rule: AlarmRule, range: readonly (number | undefined)[]): AlarmDecision {
  const breaches = (value: number): boolean => comparisons[rule.comparison].breaches(value, rule.threshold);
  const real = range.filter((value) => value !== undefined).slice(-rule.evaluationPeriods);
  const breaching = real.filter(breaches).length;
  const decided = { evaluated: real.toReversed(), breaching, filled: Math.max(0, rule.evaluationPeriods - real.length) };
  if (breaching >= rule.datapointsToAlarm) return { ...decided, state: 'ALARM' };
  if (decided.filled === 0) return { ...decided, state: 'OK' };
  return { ...decided, state: stateWithFilled(rule, decided, prematureAlarm(rule, range, breaches)) };
}

function stateWithFilled(rule: AlarmRule, decided: Omit<AlarmDecision, 'state'>, premature: boolean): AlarmDecision['state'] {
  const { evaluated, breaching, filled } = decided;
  if (rule.missingData === 'notBreaching') return 'OK';
  if (rule.missingData === 'breaching') return breaching + filled >= rule.datapointsToAlarm ? 'ALARM' : 'OK';
  if (breaching < evaluated.length) return 'OK';
  if (rule.missingData === 'ignore') return 'retain';
  return premature ? 'ALARM' : 'INSUFFICIENT_DATA';
}

/**
 * True where the oldest real point is at least M periods old and no point since is within the threshold: CloudWatch then
 * alarms with fewer than M breaching points, while a single breaching newest point waits for more.
 */
function prematureAlarm(rule: AlarmRule, range: readonly (number | undefined)[], breaches: (value: number) => boolean): boolean {
  const oldest = range.findIndex((value) => value !== undefined);
  const allBreach = range.every((value) => value === undefined || breaches(value));
  return oldest >= 0 && allBreach && range.length - oldest >= rule.datapointsToAlarm;
}

/**
 * Fewest samples over which CloudWatch takes a percentile to mean something, for alarms that ignore low sample counts:
 * 10 / (1 - p) for p at or above one half, 10 / p below (user guide, "Percentile-based CloudWatch alarms and low data samples").
 */
export function fewestSamples(percent: number): number {
  const share = percent / 100;
  return 10 / (share >= 0.5 ? 1 - share : share);
}
