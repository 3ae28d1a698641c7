import type { CreateDocumentCommandInput, PutParameterCommandInput } from '@aws-sdk/client-ssm';
import type { ResourceHandler } from '../../contract.ts';
import type { DocumentStore } from './documents.ts';
import type { ParameterStore } from './parameters.ts';

interface DocumentProperties {
  readonly Name: string;
  readonly Content?: unknown;
  readonly DocumentType?: string;
  readonly DocumentFormat?: string;
  readonly VersionName?: string;
  readonly Tags?: readonly { Key: string; Value: string }[];
}

interface ParameterProperties {
  readonly Name: string;
  readonly Type?: string;
  readonly Value?: unknown;
  readonly Description?: string;
  readonly AllowedPattern?: string;
  readonly Tier?: string;
  readonly DataType?: string;
  readonly Tags?: Readonly<Record<string, string>>;
}

/** AWS::SSM::Document, named by the template or by CloudFormation; UpdateMethod and TargetType are harmless to ignore: stacks of the lab are made once, documents have no targets. */
export function documentResource(documents: DocumentStore): ResourceHandler {
  return {
    type: 'AWS::SSM::Document',
    properties: ['Name', 'Content', 'DocumentType', 'DocumentFormat', 'VersionName', 'Tags', 'UpdateMethod', 'TargetType'],
    create: (request) => {
      const { Content, DocumentFormat = 'JSON', ...properties } = request.properties as unknown as DocumentProperties;
      // An object becomes JSON text, which is YAML too: the document keeps the format that the template names.
      const text = typeof Content === 'string' ? Content : JSON.stringify(Content);
      const document = documents.create({ ...properties, Content: text, DocumentFormat } as CreateDocumentCommandInput);
      return { physicalId: document.name };
    },
    remove: (physicalId) => documents.remove(physicalId),
  };
}

/** AWS::SSM::Parameter, named by the template or by CloudFormation. */
export function parameterResource(parameters: ParameterStore): ResourceHandler {
  return {
    type: 'AWS::SSM::Parameter',
    properties: ['Name', 'Type', 'Value', 'Description', 'AllowedPattern', 'Tier', 'DataType', 'Tags'],
    create: (request) => {
      const { Name, Value, Tags, ...properties } = request.properties as unknown as ParameterProperties;
      const value = Array.isArray(Value) ? Value.join(',') : String(Value ?? '');
      parameters.put({
        ...properties,
        Name,
        Value: value,
        Tags: Object.entries(Tags ?? {}).map(([Key, each]) => ({ Key, Value: each })),
      } as PutParameterCommandInput);
      return { physicalId: Name, attributes: { Type: properties.Type ?? 'String', Value: value } };
    },
    remove: (physicalId) => parameters.remove(physicalId),
  };
}
