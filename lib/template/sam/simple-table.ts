import type { Reading } from '../sections.ts';
import type { TemplateResource } from '../types.ts';
import { refuseUnsupported, requireMapping, tagList } from './sam-reading.ts';

/** Properties of AWS::Serverless::SimpleTable that are understood; any other is refused by name. */
export const simpleTableProperties: readonly string[] = [
  'PrimaryKey',
  'ProvisionedThroughput',
  'SSESpecification',
  'TableName',
  'Tags',
  'PointInTimeRecoverySpecification',
];
const attributeType: Readonly<Record<string, string>> = { String: 'S', Number: 'N', Binary: 'B' };

/** AWS::Serverless::SimpleTable: a table with one string key `id` unless it says otherwise, on demand unless it names a throughput. */
export function transformSimpleTable(resource: TemplateResource, reading: Reading): TemplateResource {
  const { properties, logicalId, line } = resource;
  refuseUnsupported(properties, simpleTableProperties, `resource ${logicalId}`, reading, line);
  const { PrimaryKey, ProvisionedThroughput, Tags, ...same } = properties as Record<string, unknown>;
  const key = requireMapping(PrimaryKey ?? { Name: 'id', Type: 'String' }, `resource ${logicalId}: PrimaryKey`, reading, line);
  const capacity = ProvisionedThroughput === undefined ? { BillingMode: 'PAY_PER_REQUEST' } : { ProvisionedThroughput };
  const table = {
    ...same,
    ...capacity,
    AttributeDefinitions: [{ AttributeName: key['Name'], AttributeType: attributeType[String(key['Type'])] ?? key['Type'] }],
    KeySchema: [{ AttributeName: key['Name'], KeyType: 'HASH' }],
    ...(Tags === undefined ? {} : { Tags: tagList(Tags, 'dynamodb:createdBy').slice(1) }),
  };
  const renamed = { AttributeDefinitions: 'PrimaryKey', KeySchema: 'PrimaryKey' };
  return { ...resource, type: 'AWS::DynamoDB::Table', properties: reading.lines.carry(properties, table, renamed) };
}
