import { describe, expect, it } from 'vitest';
import { parseTemplate } from '../template.ts';

const sam = (text: string) => parseTemplate('t.yaml', `Transform: AWS::Serverless-2016-10-31\n${text}`);

const shop = (api: string, event: string) => `
Resources:
  Shop: {Type: AWS::Serverless::Api, Properties: {StageName: live, ${api}}}
  F:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: x
      Handler: index.handler
      Events:
        Get: {Type: Api, Properties: {RestApiId: !Ref Shop, Path: '/orders/{id}', Method: get, ${event}}}
`;

describe('AWS::Serverless::Api', () => {
  it("becomes what SAM's own transform makes of it", () => {
    const { resources } = sam(
      shop(
        "EndpointConfiguration: {Type: REGIONAL}, Auth: {ApiKeyRequired: true}, MethodSettings: [{ResourcePath: '/*', HttpMethod: '*', ThrottlingBurstLimit: 5}]",
        'TimeoutInMillis: 5000',
      ),
    );
    const ids = Object.keys(resources).sort();
    expect(ids).toEqual(['F', 'FGetPermissionlive', 'FRole', 'Shop', expect.stringMatching(/^ShopDeployment[0-9a-f]{10}$/), 'ShopliveStage']);
    expect(resources['Shop']).toMatchObject({
      type: 'AWS::ApiGateway::RestApi',
      properties: {
        EndpointConfiguration: { Types: ['REGIONAL'] },
        Body: {
          swagger: '2.0',
          info: { title: { Ref: 'AWS::StackName' } },
          securityDefinitions: { api_key: { type: 'apiKey', name: 'x-api-key', in: 'header' } },
          paths: {
            '/orders/{id}': {
              get: { security: [{ api_key: [] }], 'x-amazon-apigateway-integration': { type: 'aws_proxy', timeoutInMillis: 5000 } },
            },
          },
        },
      },
    });
    expect(resources['ShopliveStage']?.properties).toMatchObject({
      StageName: 'live',
      DeploymentId: { Ref: ids[4] },
      MethodSettings: [{ ResourcePath: '/*', HttpMethod: '*', ThrottlingBurstLimit: 5 }],
    });
    expect(resources[ids[4] ?? '']?.properties).toMatchObject({ RestApiId: { Ref: 'Shop' }, StageName: 'Stage' });
  });

  it('is made by SAM, with stage Prod, for events that name none; Globals give it its settings', () => {
    const text = `
Globals: {Api: {OpenApiVersion: 3.0.1, Auth: {ApiKeyRequired: true}}}
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: x
      Handler: index.handler
      Events:
        Place: {Type: Api, Properties: {Path: /orders, Method: post, Auth: {ApiKeyRequired: false}}}
`;
    const { resources } = sam(text);
    const deployment = Object.values(resources).find(({ type }) => type === 'AWS::ApiGateway::Deployment');
    expect(deployment?.properties['StageName']).toBeUndefined();
    expect(resources['FPlacePermissionProd']?.type).toBe('AWS::Lambda::Permission');
    expect(resources['ServerlessRestApiProdStage']?.properties).toMatchObject({ StageName: 'Prod' });
    const body = resources['ServerlessRestApi']?.properties['Body'] as Record<string, unknown>;
    expect(body['openapi']).toBe('3.0.1');
    expect(JSON.stringify(body)).not.toContain('api_key');
  });

  it.each([
    ['binary types', shop("BinaryMediaTypes: ['image/png']", ''), /^t.yaml:4: .*BinaryMediaTypes is not supported/],
    ['CORS', shop("Cors: '*'", ''), /Cors is not supported/],
    ['an authorizer', shop('Auth: {DefaultAuthorizer: A}', ''), /DefaultAuthorizer is not supported/],
    ['a usage plan of its own', shop('Auth: {UsagePlan: {CreateUsagePlan: PER_API}}', ''), /CreateUsagePlan PER_API is not supported/],
    ['a request model', shop('', 'RequestModel: {Model: M}'), /event Get: property RequestModel is not supported/],
    ['a HTTP API', shop('', '').replace('AWS::Serverless::Api', 'AWS::Serverless::HttpApi'), /Shop, which is no AWS::Serverless::Api of this/],
  ])('refuses %s by name', (_, text, message) => expect(() => sam(text)).toThrow(message));
});
