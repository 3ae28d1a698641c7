import { gigabyteSeconds } from '../../../models/lambda/billing.ts';
import type { Usage } from '../../contract.ts';
import type { LambdaFunction } from './lambda-function.ts';
import type { InvocationReport } from './report.ts';

/** What one invocation is billed: the request, and the time by memory. */
export function invocationUsage({ name, architecture }: LambdaFunction, report: InvocationReport): Usage[] {
  const gigabyteSecond = architecture === 'arm64' ? 'lambda.gb-second-arm' : 'lambda.gb-second-x86';
  return [
    { resource: name, dimension: 'lambda.request', quantity: 1 },
    { resource: name, dimension: gigabyteSecond, quantity: gigabyteSeconds(report.memoryMb, report.billedMs) },
  ];
}
