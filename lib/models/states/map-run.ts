import type { Definition } from './definition.ts';
import type { Json } from './types.ts';

/** The input of one child execution of a Map Run, and how many items it holds. */
export interface ChildInput {
  readonly input: Json;
  readonly items: number;
}

/** How much may fail before a Map Run fails: what is not given does not count; with neither given, nothing may. */
export interface Tolerance {
  readonly count: number | undefined;
  readonly percentage: number | undefined;
}

/** What a Distributed Map asks for: an execution of `definition` for each of `children`. */
export interface MapRunRequest {
  readonly label: string;
  readonly definition: Definition;
  /** `definition` as it was written. */
  readonly definitionText: string;
  readonly children: readonly ChildInput[];
  /** 0: as many as the quota allows. */
  readonly maxConcurrency: number;
  readonly tolerated: Tolerance;
}

/** The error and cause of a Map Run in which more failed than it tolerates. */
export const thresholdExceeded = {
  error: 'States.ExceedToleratedFailureThreshold',
  cause: 'The specified tolerated failure threshold was exceeded',
};

/** Whether more of `total` items `failed` than is tolerated: `failed > count`, or `failed / total > percentage / 100`. */
export function exceedsTolerance({ count, percentage }: Tolerance, failed: number, total: number): boolean {
  if (count === undefined && percentage === undefined) return failed > 0;
  return (count !== undefined && failed > count) || (percentage !== undefined && failed * 100 > percentage * total);
}
