import { ProofloadError } from '../../../core/errors.ts';
import type { Integration } from './lambda-call.ts';

type Mapping = Readonly<Record<string, unknown>>;

/** Members of an integration as OpenAPI spells them. Those without effect on a Lambda proxy: how Lambda is called, with which role, and all mapping. */
const members: readonly string[] = [
  'type',
  'uri',
  'timeoutInMillis',
  'payloadFormatVersion',
  'connectionType',
  'credentials',
  'description',
  'httpMethod',
  'integrationHttpMethod',
  'integrationResponses',
  'passthroughBehavior',
  'requestTemplates',
  'responses',
];

/** What a kind of API takes of integrations. */
export interface IntegrationLimits {
  /** How messages call it: `HTTP APIs`. */
  readonly kind: string;
  /** The payload format that must be stated; undefined where there is none to state. */
  readonly format: string | undefined;
  readonly timeoutMaxMs: number;
  readonly timeoutMinMs: number;
}

/** A Lambda proxy integration, its members as OpenAPI spells them; refuses all else, with `what` naming where it stands. */
export function integrationOf(input: Mapping, what: string, limits: IntegrationLimits): Integration {
  const refuse = (why: string, hint: string): ProofloadError => new ProofloadError('unsupported-property', `${what}: ${why}`, { hint });
  const { type, uri, timeoutInMillis, payloadFormatVersion } = input;
  const unknown = Object.keys(input).find((key) => !members.includes(key));
  if (unknown !== undefined) throw refuse(`${unknown} of an integration is not supported`, `supported are ${members.join(', ')}`);
  if (String(type).toUpperCase() !== 'AWS_PROXY') throw refuse(`integration type ${String(type)} is not supported`, 'supported is AWS_PROXY');
  if (limits.format !== undefined && payloadFormatVersion !== limits.format) {
    throw refuse(`payload format ${String(payloadFormatVersion)} is not supported`, `set PayloadFormatVersion: '${limits.format}'`);
  }
  const functionArn = functionOf(String(uri));
  if (functionArn === undefined) throw refuse(`${String(uri)} is no Lambda function`, 'supported are integrations with functions');
  const timeoutMs = timeoutInMillis === undefined ? limits.timeoutMaxMs : Number(timeoutInMillis);
  if (!(timeoutMs >= limits.timeoutMinMs && timeoutMs <= limits.timeoutMaxMs)) {
    throw refuse(
      `a time-out of ${String(timeoutInMillis)} ms is refused`,
      `${limits.kind} allow ${limits.timeoutMinMs} to ${limits.timeoutMaxMs} ms`,
    );
  }
  return { functionArn, timeoutMs };
}

/** The function's ARN in `arn:aws:apigateway:<region>:lambda:path/2015-03-31/functions/<arn>/invocations`, or the ARN itself. */
function functionOf(uri: string): string | undefined {
  return /functions\/(arn:[^/]+)\/invocations$/.exec(uri)?.[1] ?? (/^arn:[^:]+:lambda:[^:]+:\d+:function:/.test(uri) ? uri : undefined);
}
