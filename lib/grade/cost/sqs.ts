import type { ResourceConfiguration } from '../../record/types.ts';
import { type BillContext, type Biller, metering, missing, together, untold, usage, used } from './bill.ts';

/** Most messages that one request carries. */
export const batchSize = 10;

export const queueTypes: readonly string[] = ['AWS::SQS::Queue'];

/**
 * Requests of a queue. CloudWatch counts messages and empty receives, not requests: what is billed is the least that can have carried them, ten
 * messages in each, and for what was sent one for each 64 KB.
 */
export const queueBiller: Biller = {
  types: queueTypes,
  bill(resource, context) {
    const { logicalId } = resource;
    const sent = queueUsage(resource, context, 'NumberOfMessagesSent');
    const others = ['NumberOfMessagesReceived', 'NumberOfMessagesDeleted'].map((name) => queueUsage(resource, context, name));
    const [empty, bytes] = [queueUsage(resource, context, 'NumberOfEmptyReceives'), queueUsage(resource, context, 'SentMessageSize')];
    const counts = [sent, ...others, empty];
    if (!sent || !empty || counts.some((each) => each === undefined)) return missing(`${logicalId}: AWS/SQS metrics were not collected`);
    const least = (messages: number): number => Math.ceil(messages / batchSize);
    const chunks = Math.ceil((bytes?.total ?? 0) / metering(context.prices, 'sqs.request-bytes', Number.POSITIVE_INFINITY));
    const carried = others.reduce((sum, each) => sum + least(each?.total ?? 0), 0);
    const requests = Math.max(least(sent.total), chunks) + carried + empty.total;
    const complete = counts.every((each) => each?.complete === true) && bytes?.complete !== false;
    const bill = used(context, logicalId, requestDimension(resource), requests, 'AWS/SQS messages in tens, and empty receives', complete);
    const messages = sent.total + others.reduce((sum, each) => sum + (each?.total ?? 0), 0);
    return messages > 0 ? together(bill, untold(`${logicalId}: requests that carried fewer than ten messages`)) : bill;
  },
};

export function queueUsage(resource: ResourceConfiguration, context: BillContext, metric: string) {
  return usage(context, resource, { namespace: 'AWS/SQS', metric, dimensions: ['QueueName'] });
}

/** Key of the price of a request: FIFO queues have their own. */
export function requestDimension({ configuration }: ResourceConfiguration): string {
  return String(configuration['FifoQueue']) === 'true' ? 'sqs.fifo-request' : 'sqs.request';
}
