import type { InvokeCommandInput, InvokeCommandOutput } from '@aws-sdk/client-lambda';
import { messageOf } from '../../../../core/errors.ts';
import { gigabyteSeconds } from '../../../../models/lambda/billing.ts';
import type { CallContext, LabContext, Operation, Usage } from '../../../contract.ts';
import { invalidParameter, malformedPayload, payloadTooLarge } from '../errors.ts';
import type { Functions } from '../functions.ts';
import type { Invoker } from '../invoker.ts';
import { type InvocationReport, invocationReport, logTail, type WithReport } from '../report.ts';

export type InvokeInput = Omit<InvokeCommandInput, 'Payload'> & { readonly Payload?: Uint8Array };
export type InvokeOutput = Omit<InvokeCommandOutput, '$metadata' | 'Payload'> & { readonly Payload?: Uint8Array } & WithReport;

/** Invoke: RequestResponse and DryRun. */
export function invokeOperation(context: LabContext, functions: Functions, invoker: Invoker): Operation<InvokeInput, InvokeOutput> {
  const maxBytes = context.quotas.number('lambda.payload-max');
  const tailBytes = context.quotas.number('lambda.log-tail');
  return {
    async act(input, call) {
      const found = functions.get(input.FunctionName, input.Qualifier);
      const type = input.InvocationType ?? 'RequestResponse';
      if (type === 'DryRun') return { StatusCode: 204 };
      if (type === 'Event') throw invalidParameter('The lab does not support asynchronous invocation (InvocationType Event) yet.');
      if (type !== 'RequestResponse') throw invalidParameter(`Unsupported InvocationType: ${type}`);
      const report = await invoker.invoke(found, eventText(input.Payload, maxBytes, call), call);
      return {
        StatusCode: 200,
        ExecutedVersion: '$LATEST',
        Payload: Buffer.from(report.payload),
        ...(report.failed ? { FunctionError: 'Unhandled' } : {}),
        ...(input.LogType === 'Tail' ? { LogResult: logTail(report, tailBytes) } : {}),
        [invocationReport]: report,
      };
    },
    meter: ({ FunctionName }, output) => usageOf(functions, FunctionName, output[invocationReport]),
  };
}

/** The event as JSON text. What services of the lab send is known to be JSON and not looked at again. */
function eventText(payload: InvokeInput['Payload'], maxBytes: number, { caller }: CallContext): string {
  const bytes = payload ?? new Uint8Array(0);
  if (bytes.byteLength > maxBytes) throw payloadTooLarge(maxBytes);
  if (bytes.byteLength === 0) return '{}';
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
  if (caller.kind === 'service') return text;
  try {
    JSON.parse(text);
  } catch (thrown) {
    throw malformedPayload(messageOf(thrown));
  }
  return text;
}

function usageOf(functions: Functions, nameOrArn: string | undefined, report: InvocationReport | undefined): Usage[] {
  if (!report) return [];
  const { name, architecture } = functions.get(nameOrArn);
  const gigabyteSecond = architecture === 'arm64' ? 'lambda.gb-second-arm' : 'lambda.gb-second-x86';
  return [
    { resource: name, dimension: 'lambda.request', quantity: 1 },
    { resource: name, dimension: gigabyteSecond, quantity: gigabyteSeconds(report.memoryMb, report.billedMs) },
  ];
}
