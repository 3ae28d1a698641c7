import { expect, it } from 'vitest';
import { parseTemplate } from '../template/index.ts';
import { withApiNames } from './rest-api-names.ts';

it.each([
  ['{Name: shop}', 'shop'],
  [`{Name: !Sub "\${AWS::StackName}-api"}`, 's-api'],
  ['{Body: {info: {title: !Ref AWS::StackName}}}', 's'],
  ['{Name: !Ref P}', undefined],
  [`{Name: !Sub "\${P}-api"}`, undefined],
  ['{}', undefined],
])('the REST API with %s is called %s', (properties, name) => {
  const text = `Parameters: {P: {Type: String, Default: p}}\nResources:\n  Api: {Type: AWS::ApiGateway::RestApi, Properties: ${properties}}\n`;
  const resource = { logicalId: 'Api', physicalId: 'abc', type: 'AWS::ApiGateway::RestApi', configuration: {} };
  const other = { logicalId: 'Other', physicalId: 'o', type: 'AWS::Lambda::Function', configuration: {} };
  const named = withApiNames([resource, other], parseTemplate('t.yaml', text), 's');
  expect(named).toEqual([name === undefined ? resource : { ...resource, configuration: { Name: name } }, other]);
});
