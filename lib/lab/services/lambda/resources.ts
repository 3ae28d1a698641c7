import type { CreatedResource, LabContext, ResourceHandler, ResourceRequest } from '../../contract.ts';
import { bundleTemplateCode, type TemplateCode } from './code.ts';
import type { SettingsInput } from './function-settings.ts';
import type { Functions } from './functions.ts';
import { checkArchitecture, checkName } from './names.ts';
import { reserveConcurrency } from './operations/concurrency.ts';

/** AWS::Lambda::Function as SAM's transform writes it. */
export function functionResource(context: LabContext, functions: Functions): ResourceHandler {
  return {
    type: 'AWS::Lambda::Function',
    properties: [
      'FunctionName',
      'Runtime',
      'Handler',
      'Code',
      'MemorySize',
      'Timeout',
      'Environment',
      'Architectures',
      'Description',
      'ReservedConcurrentExecutions',
      'Role',
      'Tags',
      'Layers',
      'DeadLetterConfig',
      // Harmless: where logs and traces go, how they look, and how large /tmp is, none of which the lab keeps.
      'TracingConfig',
      'LoggingConfig',
      'EphemeralStorage',
      'PackageType',
    ],
    create: (request) => createFromTemplate(context, functions, request),
    remove: (physicalId) => functions.remove(functions.get(physicalId)),
  };
}

interface FunctionProperties extends SettingsInput {
  readonly FunctionName?: string;
  readonly Code?: TemplateCode;
  readonly Architectures?: readonly string[];
  readonly ReservedConcurrentExecutions?: number;
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
}

async function createFromTemplate(context: LabContext, functions: Functions, request: ResourceRequest): Promise<CreatedResource> {
  const properties = request.properties as FunctionProperties;
  const name = checkName(properties.FunctionName);
  const settings = functions.settings(properties);
  const { bundle, codeSize } = await bundleTemplateCode(properties.Code ?? {}, settings.handler, request.templateFolder, request.logicalId);
  const tags = Object.fromEntries((properties.Tags ?? []).map(({ Key, Value }) => [Key, Value]));
  const created = functions.create({ name, settings, architecture: checkArchitecture(properties.Architectures), bundle, codeSize, tags });
  const reserved = properties.ReservedConcurrentExecutions;
  if (reserved !== undefined) {
    try {
      reserveConcurrency(context, functions, name, reserved);
    } catch (thrown) {
      functions.remove(created);
      throw thrown;
    }
  }
  return { physicalId: name, attributes: { Arn: created.arn } };
}

/** AWS::Lambda::Permission: who may invoke. The lab checks no permissions, so it is kept only as a resource of its stack. */
export function permissionResource(functions: Functions): ResourceHandler {
  return {
    type: 'AWS::Lambda::Permission',
    properties: ['Action', 'FunctionName', 'Principal', 'SourceArn', 'SourceAccount', 'EventSourceToken', 'PrincipalOrgID', 'FunctionUrlAuthType'],
    create({ stackName, logicalId, properties }) {
      functions.get(String(properties['FunctionName']));
      return { physicalId: `${stackName}-${logicalId}` };
    },
  };
}
