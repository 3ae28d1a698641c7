import type { GetExecutionHistoryCommandInput, ListExecutionsCommandInput } from '@aws-sdk/client-sfn';
import { dateOf } from '../../../../core/time-format.ts';
import type { HistoryEvent } from '../../../../models/states/types.ts';
import type { Operation } from '../../../contract.ts';
import { pageOf } from '../../paging.ts';
import { arnOf } from '../arns.ts';
import { pageSize, required } from '../checks.ts';
import { invalidToken, stateMachineDoesNotExist, typeNotSupported, validation } from '../errors.ts';
import type { StoredExecution } from '../execution.ts';
import type { Executions } from '../executions.ts';
import type { MapRuns } from '../map-runs.ts';
import type { Rates } from '../rates.ts';
import type { StateMachines } from '../state-machines.ts';

/** ListExecutions and GetExecutionHistory. */
export function executionListOperations(machines: StateMachines, executions: Executions, mapRuns: MapRuns, rates: Rates): Record<string, Operation> {
  return {
    ListExecutions: {
      latencyKey: 'states.read',
      admit: rates.readApi('ListExecutions', 'list-executions'),
      act: (input: ListExecutionsCommandInput) => list(machines, mapRuns, executions, input),
    },
    GetExecutionHistory: {
      latencyKey: 'states.read',
      admit: rates.readApi('GetExecutionHistory', 'get-execution-history'),
      act: ({ executionArn, reverseOrder, maxResults, nextToken, includeExecutionData = true }: GetExecutionHistoryCommandInput) => {
        const events = executions.get(executionArn).history.events();
        const ordered = reverseOrder ? [...events].reverse() : events;
        const page = pageOf(ordered, nextToken, pageSize(maxResults));
        if (!page) throw invalidToken();
        const shown = page.items.map((event) => onTheWire(event, includeExecutionData));
        return { events: shown, ...(page.next === undefined ? {} : { nextToken: page.next }) };
      },
    },
  };
}

/** Of a state machine, or of a Map Run, which has executions of Express too. */
function list(machines: StateMachines, mapRuns: MapRuns, executions: Executions, input: ListExecutionsCommandInput): object {
  if ((input.mapRunArn === undefined) === (input.stateMachineArn === undefined)) {
    throw validation('Either the stateMachineArn or the mapRunArn must be specified, and not both');
  }
  if (input.mapRunArn !== undefined) {
    const started = mapRuns.get(input.mapRunArn).children.filter(({ execution }) => execution !== undefined);
    return page(started, input, ({ execution, status }) => listed(execution, input, status));
  }
  const { arn, qualifier } = arnOf(required(input.stateMachineArn, 'stateMachineArn'), 'stateMachine');
  const machine = machines.find(arn);
  if (!machine) throw stateMachineDoesNotExist(input.stateMachineArn ?? '');
  if (machine.type === 'EXPRESS') throw typeNotSupported();
  return page(executions.of(machine.arn), input, (each) =>
    executions.isKept(each) && isOf(each, qualifier) ? listed(each, input, each.status) : undefined,
  );
}

/** Latest first. The token says how many had been looked at from the oldest on, so that new executions do not move the pages. */
function page<Item>(all: readonly Item[], input: ListExecutionsCommandInput, show: (item: Item) => object | undefined): object {
  const size = pageSize(input.maxResults);
  let at = startOf(input.nextToken, all.length);
  const executions: object[] = [];
  while (at > 0 && executions.length < size) {
    const shown = show(all[--at] as Item);
    if (shown) executions.push(shown);
  }
  return { executions, ...(at > 0 ? { nextToken: Buffer.from(String(at)).toString('base64url') } : {}) };
}

function startOf(token: string | undefined, length: number): number {
  if (token === undefined) return length;
  const at = Number(Buffer.from(token, 'base64url').toString());
  if (!Number.isInteger(at) || at < 1 || at > length) throw invalidToken();
  return at;
}

/** An execution in a list, unless it is filtered out. */
function listed(
  execution: StoredExecution | undefined,
  { statusFilter, redriveFilter }: ListExecutionsCommandInput,
  status: string,
): object | undefined {
  if (!execution || (statusFilter !== undefined && status !== statusFilter)) return undefined;
  if (redriveFilter !== undefined && (redriveFilter === 'REDRIVEN') !== execution.redriveCount > 0) return undefined;
  const { arn, machine, name, startMs, stopMs, versionArn, aliasArn, redriveCount, redriveMs, mapRun } = execution;
  return {
    ...{ executionArn: arn, stateMachineArn: machine.arn, name, status, startDate: dateOf(startMs), redriveCount },
    ...(stopMs === undefined ? {} : { stopDate: dateOf(stopMs) }),
    ...(redriveMs === undefined ? {} : { redriveDate: dateOf(redriveMs) }),
    ...(mapRun === undefined ? {} : { mapRunArn: mapRun.arn, itemCount: mapRun.items }),
    ...(versionArn === undefined ? {} : { stateMachineVersionArn: versionArn }),
    ...(aliasArn === undefined ? {} : { stateMachineAliasArn: aliasArn }),
  };
}

function isOf({ versionArn, aliasArn }: StoredExecution, qualifier: string | undefined): boolean {
  return qualifier === undefined || [versionArn, aliasArn].some((arn) => arn?.endsWith(`:${qualifier}`));
}

/** Members of an event's details that hold data, which a caller may leave out. */
const dataMembers = ['assignedVariables', 'input', 'output', 'parameters', 'cause', 'error', 'reason'];

function onTheWire({ id, previousEventId, timestampMs, type, details = {} }: HistoryEvent, includeData: boolean): object {
  const shown = includeData ? details : Object.fromEntries(Object.entries(details).map(([name, members]) => [name, withoutData(members)]));
  return { id, previousEventId, timestamp: dateOf(timestampMs), type, ...shown };
}

function withoutData(members: unknown): object {
  return Object.fromEntries(Object.entries(members as object).filter(([name]) => !dataMembers.includes(name)));
}
