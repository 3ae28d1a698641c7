import { DeleteAlarmsCommand, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { ProofloadError } from '../../core/errors.ts';
import type { RestorableSetting } from '../types.ts';

/** An alarm that a run makes for a guard: `present`, or `absent` as it was found. */
export const cloudwatchAlarm: RestorableSetting = {
  name: 'cloudwatch:alarm',
  async read(clients, resource) {
    const { MetricAlarms = [] } = await clients.cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [resource] }));
    return MetricAlarms.length === 0 ? 'absent' : 'present';
  },
  async write(clients, resource, value) {
    if (value !== 'absent') throw new ProofloadError('no-alarm', `alarm ${resource} cannot be made again`, { hint: 'only a run makes it' });
    await clients.cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: [resource] }));
  },
  command: (resource) => `aws cloudwatch delete-alarms --alarm-names ${resource}`,
};
