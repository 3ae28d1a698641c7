import { type Biller, missing, priced, together, usage } from './bill.ts';

/** Most messages that one request carries. */
const batchSize = 10;

/**
 * Requests of a queue. CloudWatch counts messages and empty receives, not requests: what is priced is the least that can have carried them, ten
 * messages in each, and for what was sent one for each 64 KB.
 */
export const queueBiller: Biller = {
  types: ['AWS::SQS::Queue'],
  bill(resource, context) {
    const { logicalId } = resource;
    const metric = (name: string) => usage(context, resource, { namespace: 'AWS/SQS', metric: name, dimensions: ['QueueName'] });
    const sent = metric('NumberOfMessagesSent');
    const others = ['NumberOfMessagesReceived', 'NumberOfMessagesDeleted'].map(metric);
    const [empty, bytes] = [metric('NumberOfEmptyReceives'), metric('SentMessageSize')];
    const counts = [sent, ...others, empty];
    if (!sent || !empty || counts.some((each) => each === undefined)) return missing(`${logicalId}: AWS/SQS metrics were not collected`);
    const least = (messages: number): number => Math.ceil(messages / batchSize);
    const chunks = Math.ceil((bytes?.total ?? 0) / context.prices.number('sqs.request-bytes'));
    const carried = others.reduce((sum, each) => sum + least(each?.total ?? 0), 0);
    const requests = Math.max(least(sent.total), chunks) + carried + empty.total;
    const complete = counts.every((each) => each?.complete === true) && bytes?.complete !== false;
    const bill = priced(context, logicalId, 'sqs.request', requests, 'AWS/SQS messages in tens, and empty receives', complete);
    const messages = sent.total + others.reduce((sum, each) => sum + (each?.total ?? 0), 0);
    return messages > 0 ? together(bill, missing(`${logicalId}: requests that carried fewer than ten messages`)) : bill;
  },
};
