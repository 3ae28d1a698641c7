import { type Biller, monthsOf, together, untold, used } from './bill.ts';

/** Alarms of the system's own stack, billed by the hour that they exist, for as long as the run lasted. */
export const alarmBiller: Biller = {
  types: ['AWS::CloudWatch::Alarm'],
  bill({ logicalId, configuration }, context) {
    const periodSec = configuration['Period'];
    const dimension = typeof periodSec === 'number' && periodSec < 60 ? 'cloudwatch.high-resolution-alarm-month' : 'cloudwatch.alarm-month';
    const bill = used(context, logicalId, dimension, monthsOf(context), 'duration of the run');
    return periodSec === undefined ? together(bill, untold(`${logicalId}: whether the alarm is one of high resolution`)) : bill;
  },
};
