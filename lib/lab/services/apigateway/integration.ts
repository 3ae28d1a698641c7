import { ProofloadError } from '../../../core/errors.ts';
import type { Integration } from './lambda-call.ts';

/** An integration as a template or an OpenAPI document states it. */
export interface IntegrationInput {
  readonly type: unknown;
  readonly uri: unknown;
  /** HTTP APIs alone state one. */
  readonly payloadFormatVersion?: unknown;
  readonly timeoutMs: unknown;
}

/** What a kind of API takes of integrations. */
export interface IntegrationLimits {
  /** How messages call it: `HTTP APIs`. */
  readonly kind: string;
  /** The payload format that must be stated; undefined where none is. */
  readonly format: string | undefined;
  readonly timeoutMaxMs: number;
  readonly timeoutMinMs: number;
}

/** A Lambda proxy integration; refuses all else, with `what` naming where it stands. */
export function integrationOf(input: IntegrationInput, what: string, limits: IntegrationLimits): Integration {
  const refuse = (why: string, hint: string): ProofloadError => new ProofloadError('unsupported-property', `${what}: ${why}`, { hint });
  if (String(input.type).toUpperCase() !== 'AWS_PROXY')
    throw refuse(`integration type ${String(input.type)} is not supported`, 'supported is AWS_PROXY');
  if (input.payloadFormatVersion !== limits.format) {
    throw refuse(`payload format ${String(input.payloadFormatVersion)} is not supported`, `set PayloadFormatVersion: '${limits.format}'`);
  }
  const functionArn = functionOf(String(input.uri));
  if (functionArn === undefined) throw refuse(`${String(input.uri)} is no Lambda function`, 'supported are integrations with functions');
  const timeoutMs = input.timeoutMs === undefined ? limits.timeoutMaxMs : Number(input.timeoutMs);
  if (!(timeoutMs >= limits.timeoutMinMs && timeoutMs <= limits.timeoutMaxMs)) {
    throw refuse(
      `a time-out of ${String(input.timeoutMs)} ms is refused`,
      `${limits.kind} allow ${limits.timeoutMinMs} to ${limits.timeoutMaxMs} ms`,
    );
  }
  return { functionArn, timeoutMs };
}

/** The function's ARN in `arn:aws:apigateway:<region>:lambda:path/2015-03-31/functions/<arn>/invocations`, or the ARN itself. */
function functionOf(uri: string): string | undefined {
  return /functions\/(arn:[^/]+)\/invocations$/.exec(uri)?.[1] ?? (/^arn:[^:]+:lambda:[^:]+:\d+:function:/.test(uri) ? uri : undefined);
}
