import type { Bucket } from './bucket.ts';

/** Reads one statistic off a bucket; undefined where CloudWatch gives none. */
export type Statistic = (bucket: Bucket) => number | undefined;

const basic: Readonly<Record<string, Statistic>> = {
  SampleCount: (bucket) => bucket.sampleCount,
  Sum: (bucket) => bucket.sum,
  Average: (bucket) => bucket.sum / bucket.sampleCount,
  Minimum: (bucket) => bucket.minimum,
  Maximum: (bucket) => bucket.maximum,
};

/** `p99`, `p99.9`, `p100`: CloudWatch takes two digits before the point (or 100) and up to ten after it. */
const percentilePattern = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/;

export function isBasicStatistic(name: string): boolean {
  return Object.hasOwn(basic, name);
}

/** The percent of a percentile statistic's name (`p99.9` gives 99.9), or undefined for any other name. */
export function percentOf(name: string): number | undefined {
  const match = percentilePattern.exec(name);
  return match ? Number(match[1]) : undefined;
}

/** The statistic called `name` by CloudWatch, or undefined for one that is not a basic statistic or a percentile. */
export function statisticNamed(name: string): Statistic | undefined {
  const known = Object.hasOwn(basic, name) ? basic[name] : undefined;
  if (known) return known;
  const percent = percentOf(name);
  return percent === undefined ? undefined : (bucket) => bucket.percentile(percent);
}
