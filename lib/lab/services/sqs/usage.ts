import { billedRequests } from '../../../models/sqs/message-size.ts';
import type { LabContext, Operation, Usage } from '../../contract.ts';
import type { Queues } from './queues.ts';

/** Bytes that a call carried, attached to its output for the meter; it never reaches the wire. */
export const carriedBytes = Symbol('carried bytes');

interface WithBytes {
  readonly [carriedBytes]?: number;
}

/** `operation` with its meter: one request for each 64 KB that the call carried, and at least one. */
export function metered<Input extends { readonly QueueUrl?: string | undefined }, Output extends WithBytes>(
  context: LabContext,
  queues: Queues,
  operation: Operation<Input, Output>,
): Operation<Input, Output> {
  const chunkBytes = context.quotas.number('sqs.billed-chunk');
  const meter = ({ QueueUrl = '' }: Input, output: Output): Usage[] => {
    const resource = queues.named(QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1))?.name;
    if (resource === undefined) return [];
    return [{ resource, dimension: 'sqs.request', quantity: billedRequests(output[carriedBytes] ?? 0, chunkBytes) }];
  };
  return { ...operation, meter };
}
