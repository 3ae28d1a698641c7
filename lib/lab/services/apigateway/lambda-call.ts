import { monotonicMs } from '../../../core/clock.ts';
import { AwsError } from '../../../core/errors.ts';
import type { LabContext } from '../../contract.ts';
import type { InvokeInput, InvokeOutput } from '../lambda/operations/invoke.ts';
import { type InvocationReport, invocationReport } from '../lambda/report.ts';

/** The function behind a route or method. */
export interface Integration {
  /** Name or ARN of the function. */
  readonly functionArn: string;
  readonly timeoutMs: number;
}

/** How an integration ended for the gateway. */
export type Called = { readonly integrationMs: number } & (
  | { readonly end: 'answered'; readonly report: InvocationReport }
  /** The function threw, timed out or crashed. */
  | { readonly end: 'failed'; readonly report: InvocationReport | undefined }
  /** Lambda did not take the call: throttled, too large, ... */
  | { readonly end: 'refused'; readonly error: AwsError }
  | { readonly end: 'overdue' }
);

const caller = { kind: 'service', service: 'apigateway' } as const;

/** Invokes the function with `event`. After the integration's time-out the answer is `overdue`, and the function runs on, as on AWS. */
export async function callFunction(context: LabContext, { functionArn, timeoutMs }: Integration, event: object): Promise<Called> {
  const startedMs = monotonicMs();
  const input: InvokeInput = { FunctionName: functionArn, Payload: Buffer.from(JSON.stringify(event)) };
  const output = await within(context, context.call<InvokeOutput>('lambda', 'Invoke', input, caller), timeoutMs);
  const integrationMs = monotonicMs() - startedMs;
  if (output === 'overdue') return { end: 'overdue', integrationMs };
  if (output instanceof AwsError) return { end: 'refused', error: output, integrationMs };
  const report = output[invocationReport];
  return output.FunctionError === undefined && report ? { end: 'answered', report, integrationMs } : { end: 'failed', report, integrationMs };
}

function within({ wall }: LabContext, invoked: Promise<InvokeOutput>, timeoutMs: number): Promise<InvokeOutput | AwsError | 'overdue'> {
  return new Promise((resolve, reject) => {
    const cancel = wall.schedule(timeoutMs, () => resolve('overdue'));
    invoked.then(
      (output) => {
        cancel();
        resolve(output);
      },
      (thrown: unknown) => {
        cancel();
        if (thrown instanceof AwsError) resolve(thrown);
        else reject(thrown);
      },
    );
  });
}
