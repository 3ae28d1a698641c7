import { gbSeconds } from '../../models/price.ts';
import { type Biller, missing, priced, together, usage } from './bill.ts';

/**
 * Invocations and Duration x memory. AWS rounds each invocation up to the next millisecond, CloudWatch's Duration is not rounded, and the init phase is
 * billed but is in no metric: what is priced here is therefore the least it can be. Logs are inferred from the lines that Lambda itself writes.
 */
export const lambdaBiller: Biller = {
  types: ['AWS::Lambda::Function', 'AWS::Serverless::Function'],
  bill(resource, context) {
    const { logicalId, configuration } = resource;
    const metric = (name: string) => usage(context, resource, { namespace: 'AWS/Lambda', metric: name, dimensions: ['FunctionName'] });
    const [invocations, duration] = [metric('Invocations'), metric('Duration')];
    if (!invocations) return missing(`${logicalId}: AWS/Lambda Invocations was not collected`);
    const memoryMb = configuration['MemorySize'];
    const isArm = JSON.stringify(configuration['Architectures'] ?? []).includes('arm64');
    const compute =
      duration && typeof memoryMb === 'number'
        ? priced(
            context,
            logicalId,
            isArm ? 'lambda.gb-second-arm' : 'lambda.gb-second-x86',
            gbSeconds(duration.total, memoryMb),
            `${duration.source} x ${memoryMb} MB`,
            duration.complete,
          )
        : missing(`${logicalId}: ${duration ? 'its memory is not in the record' : 'the sum of AWS/Lambda Duration was not collected'}`);
    const init = invocations.total > 0 ? missing(`${logicalId}: init time of cold starts (in no metric of CloudWatch)`) : missing();
    const logBytes = invocations.total * context.prices.number('lambda.log-bytes-per-invocation');
    return together(
      priced(context, logicalId, 'lambda.request', invocations.total, invocations.source, invocations.complete),
      compute,
      init,
      priced(
        context,
        logicalId,
        'logs.ingested-gb',
        logBytes / 1e9,
        "inferred from Invocations: Lambda's own log lines, not the handler's",
        invocations.complete,
      ),
    );
  },
};
