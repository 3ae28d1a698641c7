import type { DescribeMapRunCommandInput, ListMapRunsCommandInput, UpdateMapRunCommandInput } from '@aws-sdk/client-sfn';
import { dateOf } from '../../../../core/time-format.ts';
import type { Operation } from '../../../contract.ts';
import { pageOf } from '../../paging.ts';
import { pageSize } from '../checks.ts';
import { constraint, invalidToken, validation } from '../errors.ts';
import type { Executions } from '../executions.ts';
import { countsOf, type MapRun } from '../map-run.ts';
import type { MapRuns } from '../map-runs.ts';

/** DescribeMapRun, ListMapRuns, UpdateMapRun. */
export function mapRunOperations(mapRuns: MapRuns, executions: Executions): Record<string, Operation> {
  return {
    DescribeMapRun: { latencyKey: 'states.read', act: ({ mapRunArn }: DescribeMapRunCommandInput) => described(mapRuns.get(mapRunArn)) },
    ListMapRuns: {
      latencyKey: 'states.read',
      act: ({ executionArn, maxResults, nextToken }: ListMapRunsCommandInput) => {
        const page = pageOf(mapRuns.of(executions.get(executionArn)), nextToken, pageSize(maxResults));
        if (!page) throw invalidToken();
        return { mapRuns: page.items.map(summary), ...(page.next === undefined ? {} : { nextToken: page.next }) };
      },
    },
    UpdateMapRun: {
      act: ({ mapRunArn, maxConcurrency, toleratedFailureCount, toleratedFailurePercentage }: UpdateMapRunCommandInput) => {
        const mapRun = mapRuns.get(mapRunArn);
        if (mapRun.status !== 'RUNNING') throw validation(`Map Run is ${mapRun.status} and cannot be updated`);
        checkLeast(maxConcurrency, 'maxConcurrency');
        checkLeast(toleratedFailureCount, 'toleratedFailureCount');
        checkLeast(toleratedFailurePercentage, 'toleratedFailurePercentage');
        if ((toleratedFailurePercentage ?? 0) > 100) {
          throw constraint(toleratedFailurePercentage, 'toleratedFailurePercentage', 'have value less than or equal to 100');
        }
        const { count, percentage } = mapRun.tolerated;
        mapRun.maxConcurrency = maxConcurrency ?? mapRun.maxConcurrency;
        mapRun.tolerated = { count: toleratedFailureCount ?? count, percentage: toleratedFailurePercentage ?? percentage };
        mapRuns.changed(mapRun);
        return {};
      },
    },
  };
}

function checkLeast(value: number | undefined, member: string): void {
  if (value !== undefined && value < 0) throw constraint(value, member, 'have value greater than or equal to 0');
}

function described(mapRun: MapRun): object {
  const { arn, parent, status, startMs, stopMs, maxConcurrency, tolerated, redriveCount, redriveMs } = mapRun;
  return {
    ...{ mapRunArn: arn, executionArn: parent.arn, status, startDate: dateOf(startMs), maxConcurrency },
    ...(stopMs === undefined ? {} : { stopDate: dateOf(stopMs) }),
    ...{ toleratedFailureCount: tolerated.count ?? 0, toleratedFailurePercentage: tolerated.percentage ?? 0 },
    ...{ itemCounts: countsOf(mapRun, ({ items }) => items), executionCounts: countsOf(mapRun, () => 1), redriveCount },
    ...(redriveMs === undefined ? {} : { redriveDate: dateOf(redriveMs) }),
  };
}

function summary({ arn, parent, machine, startMs, stopMs }: MapRun): object {
  return {
    ...{ mapRunArn: arn, executionArn: parent.arn, stateMachineArn: machine.arn, startDate: dateOf(startMs) },
    ...(stopMs === undefined ? {} : { stopDate: dateOf(stopMs) }),
  };
}
