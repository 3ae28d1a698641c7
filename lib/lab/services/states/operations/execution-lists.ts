import type { GetExecutionHistoryCommandInput, ListExecutionsCommandInput } from '@aws-sdk/client-sfn';
import { dateOf } from '../../../../core/time-format.ts';
import type { HistoryEvent } from '../../../../models/states/types.ts';
import type { Operation } from '../../../contract.ts';
import { pageOf } from '../../paging.ts';
import { arnOf } from '../arns.ts';
import { pageSize, required } from '../checks.ts';
import { invalidToken, notSupported, stateMachineDoesNotExist, typeNotSupported } from '../errors.ts';
import type { StoredExecution } from '../execution.ts';
import type { Executions } from '../executions.ts';
import type { Rates } from '../rates.ts';
import type { StateMachines } from '../state-machines.ts';

/** ListExecutions and GetExecutionHistory. */
export function executionListOperations(machines: StateMachines, executions: Executions, rates: Rates): Record<string, Operation> {
  return {
    ListExecutions: {
      latencyKey: 'states.read',
      admit: rates.readApi('ListExecutions', 'list-executions'),
      act: (input: ListExecutionsCommandInput) => list(machines, executions, input),
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

/** Latest first. The token says how many had been looked at from the oldest on, so that new executions do not move the pages. */
function list(machines: StateMachines, executions: Executions, input: ListExecutionsCommandInput): object {
  if (input.mapRunArn !== undefined) throw notSupported('mapRunArn of ListExecutions');
  const parsed = arnOf(required(input.stateMachineArn, 'stateMachineArn'), 'stateMachine');
  const machine = machines.find(parsed.arn);
  if (!machine) throw stateMachineDoesNotExist(input.stateMachineArn ?? '');
  if (machine.type === 'EXPRESS') throw typeNotSupported();
  const all = executions.of(machine.arn);
  const size = pageSize(input.maxResults);
  let at = startOf(input.nextToken, all.length);
  const found: StoredExecution[] = [];
  while (at > 0 && found.length < size) {
    const each = all[--at];
    if (each && matches(each, input, parsed.qualifier)) found.push(each);
  }
  return {
    executions: found.map(summary),
    ...(at > 0 ? { nextToken: Buffer.from(String(at)).toString('base64url') } : {}),
  };
}

function startOf(token: string | undefined, length: number): number {
  if (token === undefined) return length;
  const at = Number(Buffer.from(token, 'base64url').toString());
  if (!Number.isInteger(at) || at < 1 || at > length) throw invalidToken();
  return at;
}

function matches(execution: StoredExecution, { statusFilter, redriveFilter }: ListExecutionsCommandInput, qualifier: string | undefined): boolean {
  if (statusFilter !== undefined && execution.status !== statusFilter) return false;
  if (redriveFilter !== undefined && (redriveFilter === 'REDRIVEN') !== execution.redriveCount > 0) return false;
  const { versionArn, aliasArn } = execution;
  return qualifier === undefined || [versionArn, aliasArn].some((arn) => arn?.endsWith(`:${qualifier}`));
}

function summary(execution: StoredExecution): object {
  const { arn, machine, name, status, startMs, stopMs, versionArn, aliasArn, redriveCount, redriveMs } = execution;
  return {
    ...{ executionArn: arn, stateMachineArn: machine.arn, name, status, startDate: dateOf(startMs), redriveCount },
    ...(stopMs === undefined ? {} : { stopDate: dateOf(stopMs) }),
    ...(redriveMs === undefined ? {} : { redriveDate: dateOf(redriveMs) }),
    ...(versionArn === undefined ? {} : { stateMachineVersionArn: versionArn }),
    ...(aliasArn === undefined ? {} : { stateMachineAliasArn: aliasArn }),
  };
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
