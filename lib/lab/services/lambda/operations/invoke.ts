import type { InvokeCommandInput, InvokeCommandOutput } from '@aws-sdk/client-lambda';
import { messageOf } from '../../../../core/errors.ts';
import type { CallContext, LabContext, Operation, Usage } from '../../../contract.ts';
import type { AsyncInvocations } from '../async/async-invocations.ts';
import { Dispatch } from '../dispatch.ts';
import { invalidParameter, malformedPayload, payloadTooLarge } from '../errors.ts';
import type { Functions } from '../functions.ts';
import type { Invoker } from '../invoker.ts';
import { invocationReport, logTail, type WithReport } from '../report.ts';
import { invocationUsage } from '../usage.ts';

export type InvokeInput = Omit<InvokeCommandInput, 'Payload'> & { readonly Payload?: Uint8Array };
export type InvokeOutput = Omit<InvokeCommandOutput, '$metadata' | 'Payload'> & { readonly Payload?: Uint8Array } & WithReport & {
    readonly [billed]?: readonly Usage[];
  };

/** What the invocation is billed, attached to its output for the meter; it never reaches the wire. */
const billed = Symbol('billed');

/** Invoke: RequestResponse, Event and DryRun. */
export function invokeOperation(
  context: LabContext,
  functions: Functions,
  invoker: Invoker,
  queued: AsyncInvocations,
): Operation<InvokeInput, InvokeOutput> {
  const maxBytes = context.quotas.number('lambda.payload-max');
  const maxAsyncBytes = context.quotas.number('lambda.async-payload-max');
  const queueing = new Dispatch(context, 'lambda.invoke-async');
  const tailBytes = context.quotas.number('lambda.log-tail');
  return {
    async act(input, call) {
      const found = functions.get(input.FunctionName, input.Qualifier);
      const type = input.InvocationType ?? 'RequestResponse';
      if (type === 'DryRun') return { StatusCode: 204 };
      if (type === 'Event') {
        const event = eventText(input.Payload, maxAsyncBytes, call);
        call.modelledMs += await queueing.wait();
        queued.accept(found, event, call.requestId);
        return { StatusCode: 202 };
      }
      if (type !== 'RequestResponse') throw invalidParameter(`Unsupported InvocationType: ${type}`);
      const report = await invoker.invoke(found, eventText(input.Payload, maxBytes, call), call);
      return {
        StatusCode: 200,
        ExecutedVersion: '$LATEST',
        Payload: Buffer.from(report.payload),
        ...(report.failed ? { FunctionError: 'Unhandled' } : {}),
        ...(input.LogType === 'Tail' ? { LogResult: logTail(report, tailBytes) } : {}),
        [invocationReport]: report,
        // Of the function as it was: by now it may be deleted.
        [billed]: invocationUsage(found, report),
      };
    },
    meter: (_input, output) => output[billed] ?? [],
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
