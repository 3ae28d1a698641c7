import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CreateStateMachineCommandInput, LoggingConfiguration, LogLevel } from '@aws-sdk/client-sfn';
import { parse } from 'yaml';
import { messageOf, ProofloadError } from '../../../core/errors.ts';
import type { CreatedResource, ResourceHandler, ResourceRequest } from '../../contract.ts';
import { noLogging, noTracing, type StateMachines } from './state-machines.ts';

interface LoggingProperties {
  readonly Level?: LogLevel;
  readonly IncludeExecutionData?: boolean;
  readonly Destinations?: readonly { readonly CloudWatchLogsLogGroup?: { readonly LogGroupArn?: string } }[];
}

interface Properties {
  readonly StateMachineName?: string;
  readonly StateMachineType?: 'STANDARD' | 'EXPRESS';
  readonly RoleArn?: string;
  readonly Definition?: object;
  readonly DefinitionString?: string;
  readonly DefinitionS3Location?: unknown;
  readonly DefinitionSubstitutions?: Readonly<Record<string, unknown>>;
  readonly LoggingConfiguration?: LoggingProperties;
  readonly TracingConfiguration?: { readonly Enabled?: boolean };
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
}

/** AWS::StepFunctions::StateMachine. `removeAtOnce` takes an ARN and stops what is open. */
export function stateMachineResource(machines: StateMachines, removeAtOnce: (arn: string) => void): ResourceHandler {
  return {
    type: 'AWS::StepFunctions::StateMachine',
    properties: [
      'StateMachineName',
      'StateMachineType',
      'RoleArn',
      'Definition',
      'DefinitionString',
      // A file of the project, as `aws cloudformation package` takes it; a place in S3 is refused.
      'DefinitionS3Location',
      'DefinitionSubstitutions',
      'Tags',
      // Harmless: kept and described; the lab keeps no logs and no traces.
      'LoggingConfiguration',
      'TracingConfiguration',
    ],
    create: (request) => {
      const input = inputOf(request);
      // The API gives back what the same request created before; a stack must not take over another's.
      machines.requireFree(input.name);
      const { arn, name } = machines.create(input);
      return { physicalId: arn, attributes: { Arn: arn, Name: name, StateMachineRevisionId: 'INITIAL' } };
    },
    update: (arn, request) => updated(machines, arn, inputOf(request)),
    remove: removeAtOnce,
  };
}

/** In place, so that what is open runs on with the definition that it began with; another name or type takes a replacement. */
function updated(machines: StateMachines, arn: string, input: CreateStateMachineCommandInput): CreatedResource | undefined {
  const machine = machines.find(arn);
  if (machine?.name !== input.name || machine?.type !== (input.type ?? 'STANDARD')) return undefined;
  const { definition, roleArn, loggingConfiguration = noLogging, tracingConfiguration = noTracing } = input;
  machines.update(machine, { definition, roleArn, loggingConfiguration, tracingConfiguration });
  machines.retag(machine, input.tags);
  return { physicalId: arn, attributes: { Arn: arn, Name: machine.name, StateMachineRevisionId: machine.revision.id ?? 'INITIAL' } };
}

function inputOf(request: ResourceRequest): CreateStateMachineCommandInput {
  const properties = request.properties as Properties;
  const { LoggingConfiguration: logging, TracingConfiguration: tracing } = properties;
  return {
    name: properties.StateMachineName,
    type: properties.StateMachineType,
    roleArn: properties.RoleArn,
    definition: substituted(definitionText(properties, request), properties.DefinitionSubstitutions ?? {}),
    ...(logging ? { loggingConfiguration: loggingOf(logging) } : {}),
    ...(tracing ? { tracingConfiguration: { enabled: tracing.Enabled ?? false } } : {}),
    tags: (properties.Tags ?? []).map(({ Key, Value }) => ({ key: Key, value: Value })),
  };
}

function loggingOf({ Level = 'OFF', IncludeExecutionData = false, Destinations }: LoggingProperties): LoggingConfiguration {
  const destinations = Destinations?.map((each) => ({ cloudWatchLogsLogGroup: { logGroupArn: each.CloudWatchLogsLogGroup?.LogGroupArn } }));
  return { level: Level, includeExecutionData: IncludeExecutionData, ...(destinations ? { destinations } : {}) };
}

function definitionText({ Definition, DefinitionString, DefinitionS3Location }: Properties, request: ResourceRequest): string {
  const given = [Definition, DefinitionString, DefinitionS3Location].filter((each) => each !== undefined);
  if (given.length !== 1) throw wrong(request, 'needs one of Definition, DefinitionString and DefinitionS3Location');
  if (Definition !== undefined) return JSON.stringify(Definition);
  if (DefinitionString !== undefined) return DefinitionString;
  if (typeof DefinitionS3Location !== 'string' || DefinitionS3Location.startsWith('s3://')) {
    throw wrong(request, 'DefinitionS3Location must be a file of the project: a definition in S3 is not supported');
  }
  return readDefinition(DefinitionS3Location, request);
}

/** A definition file, JSON or YAML; as the API takes it, in JSON. */
function readDefinition(file: string, request: ResourceRequest): string {
  const path = resolve(request.templateFolder, file);
  try {
    const text = readFileSync(path, 'utf8');
    return /\.ya?ml$/.test(file) ? JSON.stringify(parse(text)) : text;
  } catch (thrown) {
    throw wrong(request, `the definition ${file} cannot be read: ${messageOf(thrown)}`);
  }
}

/** `${Name}` of the substitutions is replaced in the text; any other, such as those of `States.Format`, stays. */
function substituted(text: string, substitutions: Readonly<Record<string, unknown>>): string {
  return text.replace(/\$\{([A-Za-z0-9_]+)\}/g, (whole, name: string) => (Object.hasOwn(substitutions, name) ? String(substitutions[name]) : whole));
}

function wrong({ logicalId }: ResourceRequest, what: string): ProofloadError {
  return new ProofloadError('bad-template', `resource ${logicalId}: ${what}`);
}
