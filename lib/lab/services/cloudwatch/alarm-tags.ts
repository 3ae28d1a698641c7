import type {
  ListTagsForResourceCommandInput,
  ListTagsForResourceCommandOutput,
  TagResourceCommandInput,
  UntagResourceCommandInput,
} from '@aws-sdk/client-cloudwatch';
import { AwsError } from '../../../core/errors.ts';
import type { Alarm, Alarms } from './alarms.ts';
import { invalidValue, required } from './errors.ts';

export function listTags(alarms: Alarms, input: ListTagsForResourceCommandInput): Omit<ListTagsForResourceCommandOutput, '$metadata'> {
  return { Tags: [...alarmOf(alarms, input.ResourceARN).tags].map(([Key, Value]) => ({ Key, Value })) };
}

export function tagAlarm(alarms: Alarms, tagsAtMost: number, input: TagResourceCommandInput): void {
  const alarm = alarmOf(alarms, input.ResourceARN);
  const given = (input.Tags ?? []).map((tag) => [tag.Key ?? '', tag.Value ?? ''] as const);
  if (new Set([...alarm.tags.keys(), ...given.map(([key]) => key)]).size > tagsAtMost)
    throw invalidValue(`A resource takes at most ${tagsAtMost} tags.`);
  for (const [key, value] of given) alarm.tags.set(key, value);
}

export function untagAlarm(alarms: Alarms, input: UntagResourceCommandInput): void {
  const alarm = alarmOf(alarms, input.ResourceARN);
  for (const key of input.TagKeys ?? []) alarm.tags.delete(key);
}

function alarmOf(alarms: Alarms, arn: string | undefined): Alarm {
  const alarm = alarms.byArn(required(arn, 'ResourceARN'));
  if (!alarm) {
    throw new AwsError('ResourceNotFoundException', 'Unknown alarm.', 404, { ResourceType: 'alarm', ResourceId: arn });
  }
  return alarm;
}
