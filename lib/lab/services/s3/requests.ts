import { AwsError } from '../../../core/errors.ts';
import type { LabContext, Operation } from '../../contract.ts';
import type { Buckets } from './buckets.ts';

/** A request on a bucket: it is refused beyond the bucket's rate, and billed by its tier. `free`: deletions are not billed. */
export function request<Input extends { readonly Bucket?: string | undefined }, Output>(
  context: LabContext,
  buckets: Buckets,
  kind: { readonly rate: 'write' | 'read'; readonly bill: 'put' | 'get' | 'free' },
  operation: Operation<Input, Output>,
): Operation<Input, Output> {
  return {
    ...operation,
    admit(input, call) {
      if (buckets.named(input.Bucket)?.rate.take(kind.rate, context.clock.now()) === false)
        throw new AwsError('SlowDown', 'Please reduce your request rate.', 503);
      operation.admit?.(input, call);
    },
    meter: ({ Bucket = '' }) => (kind.bill === 'free' ? [] : [{ resource: Bucket, dimension: `s3.${kind.bill}-request`, quantity: 1 }]),
  };
}
