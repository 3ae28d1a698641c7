import type { GetMetricDataCommandInput, GetMetricDataCommandOutput, MetricDataResult } from '@aws-sdk/client-cloudwatch';
import { dateOf } from '../../../core/time-format.ts';
import { periodStart } from '../../../models/cloudwatch/periods.ts';
import { invalidNextToken, validationError } from './errors.ts';
import { type CheckedQuery, checkedQueries, createEvaluation } from './metric-queries.ts';
import type { MetricReader } from './metric-reader.ts';

export interface DataLimits {
  readonly queries: number;
  readonly datapoints: number;
  readonly dimensions: number;
}

type Points = readonly (readonly [atMs: number, value: number])[];

/**
 * Points of many metrics and of metric math over them. A page holds MaxDatapoints points; a result whose points go on says
 * PartialData, and NextToken goes on exactly where the page ended.
 */
export function getMetricData(
  reader: MetricReader,
  limits: DataLimits,
  input: GetMetricDataCommandInput,
): Omit<GetMetricDataCommandOutput, '$metadata'> {
  const [startMs, endMs] = checkedRange(input);
  const queries = input.MetricDataQueries ?? [];
  if (queries.length === 0) throw validationError('The parameter MetricDataQueries is required.');
  if (queries.length > limits.queries) throw validationError(`The collection MetricDataQueries must not have a size greater than ${limits.queries}.`);
  const room = input.MaxDatapoints ?? limits.datapoints;
  if (room < 1 || room > limits.datapoints) throw validationError(`The value ${room} for parameter MaxDatapoints is invalid.`);
  const checked = checkedQueries(queries, limits.dimensions);
  const shortest = Math.min(60, ...checked.map((query) => query.periodSec));
  const evaluation = createEvaluation(checked, reader, periodStart(startMs, shortest), endMs);
  const descending = input.ScanBy !== 'TimestampAscending';
  const results = checked
    .filter((query) => query.returned)
    .map((query) => ({ query, points: inOrder([...evaluation.seriesOf(query.id)], descending) }));
  if (results.length === 0) throw validationError('At least one query must have ReturnData set to true.');
  return pageOf(results, room, input.NextToken, descending);
}

function checkedRange(input: GetMetricDataCommandInput): [number, number] {
  const startMs = input.StartTime?.getTime();
  const endMs = input.EndTime?.getTime();
  if (startMs === undefined || endMs === undefined) throw validationError('The parameters StartTime and EndTime are required.');
  if (startMs >= endMs) throw validationError('The parameter StartTime must be less than the parameter EndTime.');
  return [startMs, endMs];
}

function inOrder(points: Points, descending: boolean): Points {
  return points.toSorted((a, b) => (descending ? b[0] - a[0] : a[0] - b[0]));
}

type Found = readonly { readonly query: CheckedQuery; readonly points: Points }[];

function pageOf(results: Found, room: number, token: string | undefined, descending: boolean): Omit<GetMetricDataCommandOutput, '$metadata'> {
  const from = token === undefined ? undefined : readToken(token, results.length);
  const page: MetricDataResult[] = [];
  let left = room;
  for (const [index, { query, points }] of results.entries()) {
    if (from && index < from.result) continue;
    if (left === 0) return { MetricDataResults: page, NextToken: `${index}:`, Messages: [] };
    const resumeMs = from && index === from.result ? from.afterMs : undefined;
    const todo = resumeMs === undefined ? points : points.filter(([atMs]) => (descending ? atMs < resumeMs : atMs > resumeMs));
    const shown = todo.slice(0, left);
    const complete = shown.length === todo.length;
    left -= shown.length;
    page.push({
      Id: query.id,
      Label: query.label,
      Timestamps: shown.map(([atMs]) => dateOf(atMs)),
      Values: shown.map(([, value]) => value),
      StatusCode: complete ? 'Complete' : 'PartialData',
    });
    if (!complete) return { MetricDataResults: page, NextToken: `${index}:${shown.at(-1)?.[0] ?? ''}`, Messages: [] };
  }
  return { MetricDataResults: page, Messages: [] };
}

function readToken(token: string, results: number): { result: number; afterMs: number | undefined } {
  const match = /^(\d+):(\d*)$/.exec(token);
  if (!match || Number(match[1]) >= results) throw invalidNextToken();
  return { result: Number(match[1]), afterMs: match[2] ? Number(match[2]) : undefined };
}
