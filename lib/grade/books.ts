import type { RunRecord } from '../record/reader.ts';
import type { Warning } from '../record/types.ts';
import type { ClientTally } from './clients.ts';
import { findSeries, totalOf } from './cloudwatch.ts';
import type { BookLine } from './types.ts';

/** The books with the warnings that lines which do not balance give. */
export interface Books {
  readonly lines: readonly BookLine[];
  readonly warnings: readonly Warning[];
  /** Lines that neither balance nor prove that anything was lost, because a side was not completely collected. */
  readonly unproven: readonly string[];
}

/**
 * Counts one thing from two sources. A line that does not balance means that requests were lost or counted twice somewhere, so that no figure
 * can be trusted: it makes the run invalid. Where CloudWatch's side was not complete it proves neither that nor the contrary: the verdict is then no-data.
 * An imported run has one source only, and so no books.
 */
export function balance(record: RunRecord, clients: ClientTally): Books {
  if (record.manifest.imported) return { lines: [], warnings: [], unproven: [] };
  const checks = [generatorLine(record, clients), frontDoorLine(record, clients), functionLine(record, clients)].filter((line) => line !== undefined);
  const open = checks.filter(({ line }) => !line.agree);
  const warnings = open.map(({ line, complete }) => ({
    code: 'books-do-not-balance',
    message: countsText(line),
    advice: complete
      ? 'look for other clients of the system, or for lost samples'
      : 'the collection of the metric was not complete, so it proves nothing',
    invalidates: complete,
  }));
  const unproven = open
    .filter(({ complete }) => !complete)
    .map(({ line }) => `the books are open, for the collection was not complete: ${countsText(line)}`);
  return { lines: checks.map(({ line }) => line), warnings: [...warnings, ...uncounted(record)], unproven };
}

function countsText({ what, left, right }: BookLine): string {
  return `${what}: ${left.source} has ${left.count}, ${right.source} has ${right.count}`;
}

/** Flows whose generator told no count of its own (k6's CSV has none, and rows cut short have no closing one): the line of requests sent is left out. */
function uncounted({ journal }: RunRecord): Warning[] {
  return journal.flatMap((event) => {
    if (event.kind !== 'traffic-ended' || event.requests !== undefined) return [];
    return [
      {
        code: 'generator-count-unknown',
        message: `the generator of flow ${event.flow} told no count of its own, so the books have no line of requests sent`,
        advice: 'use the k6 that proofload builds (needs Go): its output ends with a count; CSV has none',
        invalidates: false,
      },
    ];
  });
}

interface Check {
  readonly line: BookLine;
  readonly complete: boolean;
}

/** What the generators counted themselves against the samples that reached the record; left out as soon as one did not count. */
function generatorLine(record: RunRecord, clients: ClientTally): Check | undefined {
  const counts = record.journal.flatMap((event) => (event.kind === 'traffic-ended' ? [event.requests] : []));
  let left = 0;
  for (const count of counts) {
    if (count === undefined) return undefined;
    left += count;
  }
  if (counts.length === 0) return undefined;
  return {
    line: {
      what: 'requests sent',
      left: { source: 'generator', count: left },
      right: { source: 'record', count: clients.requests },
      agree: left === clients.requests,
    },
    complete: true,
  };
}

const restApi = 'AWS::ApiGateway::RestApi';

/** A request without a response may or may not have reached the front door, so its count may lie between the two. */
function frontDoorLine(record: RunRecord, clients: ClientTally): Check | undefined {
  const count = frontDoorCount(record);
  if (!count) return undefined;
  const { responses, requests } = clients;
  return {
    line: {
      what:
        responses === requests
          ? 'requests at the front door'
          : `requests at the front door (${requests - responses} more were sent without a response)`,
      left: { source: 'record, with a response', count: responses },
      right: { source: 'AWS/ApiGateway Count', count: count.total },
      agree: count.total >= responses && count.total <= requests,
    },
    complete: count.complete,
  };
}

/**
 * What the front door passed on against Invocations + Throttles of the functions behind it, and of no others: what pollers, state machines and other
 * functions invoke stands behind no request. Requests that the front door itself may have answered (no route, its own throttles) may be missing. Where
 * somebody else invokes one of these functions too, there may be more attempts than requests.
 */
function functionLine(record: RunRecord, clients: ClientTally): Check | undefined {
  const count = frontDoorCount(record);
  const { functions, alsoInvokedBy } = functionsBehindFrontDoors(record);
  if (!count || functions.length === 0) return undefined;
  const series = ['Invocations', 'Throttles'].map((metric) =>
    findSeries(record.metrics, { namespace: 'AWS/Lambda', metric, statistic: 'Sum', dimensions: ['FunctionName'] }).filter((each) =>
      functions.includes(each.resource),
    ),
  );
  if (series.some((each) => each.length < functions.length)) return undefined;
  const attempts = totalOf(series.flat());
  // A REST API answers 403 where an HTTP API answers 404, and where a key is missing.
  const own = record.resources.some(({ type }) => type === restApi) ? [403, 404, 429] : [404, 429];
  const answeredByFrontDoor = own.reduce((sum, status) => sum + (clients.byStatus[status] ?? 0), 0);
  return {
    line: {
      what: `attempts of ${functions.join(', ')}${alsoInvokedBy.length > 0 ? ` (${alsoInvokedBy.join(', ')} may add to them)` : ''}`,
      left: { source: 'AWS/ApiGateway Count', count: count.total },
      right: { source: 'AWS/Lambda Invocations + Throttles', count: attempts.total },
      agree: (alsoInvokedBy.length > 0 || attempts.total <= count.total) && attempts.total >= count.total - answeredByFrontDoor,
    },
    complete: count.complete && attempts.complete,
  };
}

/** Requests of all HTTP and REST APIs of the system; undefined where the metric was not collected of any, or not of all REST APIs. */
function frontDoorCount(record: RunRecord): { total: number; complete: boolean } | undefined {
  const counted = (...dimensions: string[]) =>
    findSeries(record.metrics, { namespace: 'AWS/ApiGateway', metric: 'Count', statistic: 'Sum', dimensions });
  const http = counted('ApiId');
  const rest = counted('ApiName');
  if (rest.length < record.resources.filter(({ type }) => type === restApi).length) return undefined;
  const series = [...(http.length > 0 ? http : counted('ApiId', 'Stage')), ...rest];
  return series.length > 0 ? totalOf(series) : undefined;
}

interface Behind {
  readonly functions: readonly string[];
  /** Who invokes them beside the front door. */
  readonly alsoInvokedBy: readonly string[];
}

const frontDoor = 'apigateway.amazonaws.com';

/** The functions that an API's routes integrate: those that let API Gateway invoke them. */
function functionsBehindFrontDoors(record: RunRecord): Behind {
  const functions = record.resources.filter(({ type }) => type === 'AWS::Lambda::Function');
  if (functions.every(({ invokedBy }) => invokedBy === undefined)) return { functions: namedByPermissions(record), alsoInvokedBy: [] };
  const behind = functions.filter(({ invokedBy }) => invokedBy?.includes(frontDoor));
  const others = behind.flatMap(({ invokedBy = [] }) => invokedBy.filter((caller) => caller !== frontDoor));
  return { functions: behind.map(({ logicalId }) => logicalId), alsoInvokedBy: [...new Set(others)] };
}

/** In records that do not say who invokes a function: those after which SAM named a permission. */
function namedByPermissions({ resources }: RunRecord): string[] {
  const permissions = resources.filter(({ type }) => type === 'AWS::Lambda::Permission').map(({ logicalId }) => logicalId);
  const functions = resources.filter(({ type }) => type === 'AWS::Lambda::Function').map(({ logicalId }) => logicalId);
  const longestFirst = [...functions].sort((a, b) => b.length - a.length);
  const behind = new Set(permissions.map((permission) => longestFirst.find((each) => permission.startsWith(each))));
  return functions.filter((each) => behind.has(each));
}
