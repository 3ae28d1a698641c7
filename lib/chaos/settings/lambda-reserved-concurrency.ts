import { DeleteFunctionConcurrencyCommand, GetFunctionConcurrencyCommand, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import type { RestorableSetting } from '../types.ts';

/** Reserved concurrency of a function. Absent and 0 differ: none is reserved, and nothing may run. */
export const lambdaReservedConcurrency: RestorableSetting = {
  name: 'lambda:reserved-concurrency',
  async read(clients, resource) {
    const { ReservedConcurrentExecutions } = await clients.lambda.send(new GetFunctionConcurrencyCommand({ FunctionName: resource }));
    return ReservedConcurrentExecutions === undefined ? 'absent' : String(ReservedConcurrentExecutions);
  },
  async write(clients, resource, value) {
    if (value === 'absent') await clients.lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName: resource }));
    else await clients.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: resource, ReservedConcurrentExecutions: Number(value) }));
  },
  command: (resource, value) =>
    value === 'absent'
      ? `aws lambda delete-function-concurrency --function-name ${resource}`
      : `aws lambda put-function-concurrency --function-name ${resource} --reserved-concurrent-executions ${value}`,
  probe: (resource) => ({
    name: `AWS/Lambda Throttles of ${resource}`,
    namespace: 'AWS/Lambda',
    metric: 'Throttles',
    dimensions: { FunctionName: resource },
    statistic: 'Sum',
    above: 0,
  }),
};
