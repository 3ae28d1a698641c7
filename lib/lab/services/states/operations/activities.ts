import type {
  CreateActivityCommandInput,
  DeleteActivityCommandInput,
  DescribeActivityCommandInput,
  GetActivityTaskCommandInput,
  ListActivitiesCommandInput,
} from '@aws-sdk/client-sfn';
import { monotonicMs } from '../../../../core/clock.ts';
import { dateOf } from '../../../../core/time-format.ts';
import type { Operation } from '../../../contract.ts';
import { pageOf } from '../../paging.ts';
import type { Activities } from '../activities.ts';
import { pageSize } from '../checks.ts';
import { invalidToken } from '../errors.ts';
import type { Rates } from '../rates.ts';

/** CreateActivity, DeleteActivity, DescribeActivity, ListActivities, GetActivityTask. */
export function activityOperations(activities: Activities, rates: Rates): Record<string, Operation> {
  return {
    CreateActivity: {
      act: (input: CreateActivityCommandInput) => {
        const { arn, createdMs } = activities.create(input);
        return { activityArn: arn, creationDate: dateOf(createdMs) };
      },
    },
    DeleteActivity: {
      act: ({ activityArn }: DeleteActivityCommandInput) => {
        activities.remove(activityArn);
        return {};
      },
    },
    DescribeActivity: {
      act: ({ activityArn }: DescribeActivityCommandInput) => {
        const { arn, name, createdMs } = activities.get(activityArn);
        return { activityArn: arn, name, creationDate: dateOf(createdMs) };
      },
    },
    ListActivities: {
      act: ({ maxResults, nextToken }: ListActivitiesCommandInput) => {
        const page = pageOf(activities.list(), nextToken, pageSize(maxResults));
        if (!page) throw invalidToken();
        const listed = page.items.map(({ arn, name, createdMs }) => ({ activityArn: arn, name, creationDate: dateOf(createdMs) }));
        return { activities: listed, ...(page.next === undefined ? {} : { nextToken: page.next }) };
      },
    },
    GetActivityTask: {
      admit: rates.api('GetActivityTask', 'get-activity-task'),
      act: async ({ activityArn, workerName }: GetActivityTaskCommandInput, call) => {
        const startedMs = monotonicMs();
        const task = await activities.poll(activities.get(activityArn), workerName);
        // A long poll is meant to wait.
        call.modelledMs += monotonicMs() - startedMs;
        return task;
      },
    } satisfies Operation<GetActivityTaskCommandInput>,
  };
}
