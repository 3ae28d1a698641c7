import { gbSeconds, leastBilledMs } from '../../models/price.ts';
import type { ResourceConfiguration } from '../../record/types.ts';
import { type Bill, type BillContext, type Biller, metering, missing, nothing, together, untold, usage, used } from './bill.ts';

export const functionTypes: readonly string[] = ['AWS::Lambda::Function', 'AWS::Serverless::Function'];

/**
 * Invocations and Duration x memory. AWS rounds each invocation up to the next millisecond, CloudWatch's Duration is not rounded, and the init phase is
 * billed but is in no metric: what is billed here is therefore the least it can be. Logs are inferred from the lines that Lambda itself writes.
 */
export const lambdaBiller: Biller = {
  types: functionTypes,
  bill(resource, context) {
    const { logicalId } = resource;
    const invocations = functionUsage(resource, context, 'Invocations');
    if (!invocations) return missing(`${logicalId}: AWS/Lambda Invocations was not collected`);
    const { total: count, source, complete } = invocations;
    const logBytes = count * metering(context.prices, 'lambda.log-bytes-per-invocation', 0);
    const logGb = logBytes / metering(context.prices, 'price.gb-bytes', 2 ** 30);
    return together(
      used(context, logicalId, 'lambda.request', count, source, complete),
      compute(resource, context, count),
      count > 0 ? untold(`${logicalId}: init time of cold starts (in no metric of CloudWatch)`) : nothing,
      used(context, logicalId, 'logs.ingested-gb', logGb, "inferred from Invocations: Lambda's own log lines, not the handler's", complete),
    );
  },
};

/** GB-seconds of memory, and of the ephemeral storage above what is free. */
function compute(resource: ResourceConfiguration, context: BillContext, count: number): Bill {
  const { logicalId } = resource;
  const duration = functionUsage(resource, context, 'Duration');
  if (!duration) return missing(`${logicalId}: the sum of AWS/Lambda Duration was not collected`);
  const memoryMb = memoryOf(resource);
  if (memoryMb === undefined) return missing(`${logicalId}: its memory is not in the record`);
  const { source, complete } = duration;
  const billedMs = leastBilledMs(duration.total, count, metering(context.prices, 'lambda.duration-step-ms', 0));
  const extraMb = storageOf(resource) - metering(context.prices, 'lambda.storage-free-mb', Number.POSITIVE_INFINITY);
  return together(
    used(context, logicalId, computeDimension(resource), gbSeconds(billedMs, memoryMb), `${source} x ${memoryMb} MB`, complete),
    extraMb > 0
      ? used(context, logicalId, 'lambda.storage-gb-second', gbSeconds(billedMs, extraMb), `${source} x ${extraMb} MB of storage`, complete)
      : nothing,
  );
}

export function functionUsage(resource: ResourceConfiguration, context: BillContext, metric: string) {
  return usage(context, resource, { namespace: 'AWS/Lambda', metric, dimensions: ['FunctionName'] });
}

/** Key of the price of a GB-second: each architecture has its own, and its own tiers. */
export function computeDimension({ configuration }: ResourceConfiguration): string {
  const isArm = JSON.stringify(configuration['Architectures'] ?? []).includes('arm64');
  return isArm ? 'lambda.gb-second-arm' : 'lambda.gb-second-x86';
}

export function memoryOf({ configuration }: ResourceConfiguration): number | undefined {
  const memoryMb = configuration['MemorySize'];
  return typeof memoryMb === 'number' ? memoryMb : undefined;
}

function storageOf({ configuration }: ResourceConfiguration): number {
  const storage = configuration['EphemeralStorage'];
  const sizeMb = typeof storage === 'object' && storage !== null ? (storage as { Size?: unknown }).Size : undefined;
  return typeof sizeMb === 'number' ? sizeMb : 0;
}
