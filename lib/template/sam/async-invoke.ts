import { isObject, type Reading } from '../sections.ts';
import { templateError } from '../template-error.ts';
import type { TemplateResource } from '../types.ts';
import { generated, refuseUnsupported, requireMapping } from './sam-reading.ts';

const retrySettings = ['MaximumRetryAttempts', 'MaximumEventAgeInSeconds'];

/** SAM's DeadLetterQueue of a function, as AWS::Lambda::Function has it. */
export function deadLetterConfig(owner: TemplateResource, reading: Reading): Record<string, unknown> {
  const { properties, logicalId, line } = owner;
  if (properties['DeadLetterQueue'] === undefined) return {};
  const what = `resource ${logicalId}: DeadLetterQueue`;
  const target = targetOf(
    properties['DeadLetterQueue'],
    'TargetArn',
    ['SQS'],
    what,
    reading,
    reading.lines.of(properties, 'DeadLetterQueue') ?? line,
  );
  return { DeadLetterConfig: { TargetArn: target } };
}

/** SAM's EventInvokeConfig of a function: an AWS::Lambda::EventInvokeConfig of its own. */
export function eventInvokeConfig(owner: TemplateResource, reading: Reading): TemplateResource[] {
  const { properties, logicalId } = owner;
  const raw = properties['EventInvokeConfig'];
  if (raw === undefined) return [];
  const what = `resource ${logicalId}: EventInvokeConfig`;
  const line = reading.lines.of(properties, 'EventInvokeConfig') ?? owner.line;
  const config = requireMapping(raw, what, reading, line);
  refuseUnsupported(config, [...retrySettings, 'DestinationConfig'], what, reading, line);
  const settings = Object.fromEntries(retrySettings.filter((key) => config[key] !== undefined).map((key) => [key, config[key]]));
  const made = {
    FunctionName: { Ref: logicalId },
    Qualifier: '$LATEST',
    ...settings,
    ...destinations(config['DestinationConfig'], what, reading, line),
  };
  const carried = reading.lines.carry(config, made);
  return [{ ...generated(owner, `${logicalId}EventInvokeConfig`, 'AWS::Lambda::EventInvokeConfig', carried), line }];
}

function destinations(raw: unknown, what: string, reading: Reading, line: number | undefined): Record<string, unknown> {
  if (raw === undefined) return {};
  const config = requireMapping(raw, `${what}: DestinationConfig`, reading, line);
  refuseUnsupported(config, ['OnSuccess', 'OnFailure'], `${what}: DestinationConfig`, reading, line);
  const made = Object.entries(config).map(([on, target]) => [
    on,
    { Destination: targetOf(target, 'Destination', ['SQS', 'Lambda'], `${what}: ${on}`, reading, line) },
  ]);
  return { DestinationConfig: Object.fromEntries(made) };
}

/** The ARN of `{Type, <member>}`, of one of `types`. */
function targetOf(raw: unknown, member: string, types: readonly string[], what: string, reading: Reading, line: number | undefined): unknown {
  const place = { file: reading.file, line };
  const target = requireMapping(raw, what, reading, line);
  refuseUnsupported(target, ['Type', member], what, reading, line);
  const type = target['Type'];
  if (typeof type !== 'string' || !types.includes(type))
    throw templateError('unsupported-property', place, `${what}: type ${String(type)} is not supported`, `supported are ${types.join(', ')}`);
  const arn = target[member];
  if (typeof arn !== 'string' && !isObject(arn)) throw templateError('bad-template', place, `${what} needs ${member}, the ARN of what takes it`);
  return arn;
}
