import type { Reading } from '../sections.ts';
import { templateError } from '../template-error.ts';
import type { TemplateResource } from '../types.ts';
import { generated, refuseUnsupported } from './sam-reading.ts';

/** Properties of an SQS event that mean the same to AWS::Lambda::EventSourceMapping. */
const sameInMapping = ['BatchSize', 'Enabled', 'FunctionResponseTypes', 'MaximumBatchingWindowInSeconds', 'ScalingConfig'];

/** The managed policy that SAM gives the role of a function with an SQS event. */
export const sqsExecutionPolicy = 'arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole';

/** An event of Type SQS: the mapping `<Function><Event>` from the queue to the function. */
export function sqsMapping(
  owner: TemplateResource,
  event: string,
  properties: Readonly<Record<string, unknown>>,
  reading: Reading,
  line: number | undefined,
): TemplateResource {
  const what = `resource ${owner.logicalId}: event ${event}`;
  refuseUnsupported(properties, ['Queue', ...sameInMapping], what, reading, line);
  if (properties['Queue'] === undefined) throw templateError('bad-template', { file: reading.file, line }, `${what} needs Queue, the ARN of a queue`);
  const same = Object.fromEntries(sameInMapping.filter((key) => properties[key] !== undefined).map((key) => [key, properties[key]]));
  const made = { EventSourceArn: properties['Queue'], FunctionName: { Ref: owner.logicalId }, ...same };
  const carried = reading.lines.carry(properties, made, { EventSourceArn: 'Queue' });
  return { ...generated(owner, `${owner.logicalId}${event}`, 'AWS::Lambda::EventSourceMapping', carried), line };
}
