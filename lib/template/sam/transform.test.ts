import { describe, expect, it } from 'vitest';
import { parseTemplate } from '../template.ts';

const head = 'Transform: AWS::Serverless-2016-10-31\n';
const sam = (text: string) => parseTemplate('t.yaml', head + text);

const api = `
Globals:
  Function: {Runtime: nodejs22.x, Timeout: 5, Architectures: [arm64], Environment: {Variables: {A: 1, B: 2}}}
Resources:
  PlaceOrder:
    Type: AWS::Serverless::Function
    Metadata: {BuildMethod: esbuild, BuildProperties: {EntryPoints: [other.ts, place-order.ts], External: ['@aws-sdk/*']}}
    Properties:
      CodeUri: ../functions/
      Handler: place-order.handler
      Timeout: 10
      Environment: {Variables: {B: 3}}
      Policies:
        - AmazonS3ReadOnlyAccess
        - DynamoDBReadPolicy: {TableName: !Ref Orders}
        - Statement: [{Effect: Allow, Action: 'x:Y', Resource: '*'}]
      Events:
        Place: {Type: HttpApi, Properties: {Method: post, Path: '/orders/{id}'}}
  Orders: {Type: AWS::Serverless::SimpleTable}
Outputs:
  Url: {Value: !Sub 'https://\${ServerlessHttpApi}.execute-api.\${AWS::Region}.\${AWS::URLSuffix}/'}
  Role: {Value: !GetAtt PlaceOrderRole.Arn}
`;

describe('applySamTransform', () => {
  it('makes the resources that SAM makes, under its names', () => {
    const { resources } = sam(api);
    expect(Object.fromEntries(Object.values(resources).map(({ logicalId, type }) => [logicalId, type]))).toEqual({
      PlaceOrder: 'AWS::Lambda::Function',
      PlaceOrderRole: 'AWS::IAM::Role',
      PlaceOrderPlacePermission: 'AWS::Lambda::Permission',
      Orders: 'AWS::DynamoDB::Table',
      ServerlessHttpApi: 'AWS::ApiGatewayV2::Api',
      ServerlessHttpApiApiGatewayDefaultStage: 'AWS::ApiGatewayV2::Stage',
    });
  });

  it('makes a mapping of an SQS event, with the policy that reading the queue needs', () => {
    const { resources } = sam(`
Resources:
  Work:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      InlineCode: 'exports.handler = () => 1'
      Policies: [{SQSSendMessagePolicy: {QueueName: !GetAtt Jobs.QueueName}}]
      Events:
        Job: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn, BatchSize: 5, Enabled: false, FunctionResponseTypes: [ReportBatchItemFailures]}}
  Jobs: {Type: AWS::SQS::Queue}
`);
    expect(resources['WorkJob']).toMatchObject({
      type: 'AWS::Lambda::EventSourceMapping',
      properties: {
        EventSourceArn: { 'Fn::GetAtt': ['Jobs', 'Arn'] },
        FunctionName: { Ref: 'Work' },
        BatchSize: 5,
        Enabled: false,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      },
    });
    const managed = resources['WorkRole']?.properties['ManagedPolicyArns'];
    expect(managed).toContain('arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole');
  });

  it('makes what a function says of its asynchronous invocation', () => {
    const text = (destination: string) => `
Resources:
  Work:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      InlineCode: 'exports.handler = () => 1'
      DeadLetterQueue: {Type: SQS, TargetArn: !GetAtt Lost.Arn}
      EventInvokeConfig: {MaximumRetryAttempts: 0, DestinationConfig: {OnFailure: ${destination}}}
  Lost: {Type: AWS::SQS::Queue}
`;
    const { resources } = sam(text('{Type: SQS, Destination: !GetAtt Lost.Arn}'));
    const lost = { 'Fn::GetAtt': ['Lost', 'Arn'] };
    expect(resources['Work']?.properties).toMatchObject({ DeadLetterConfig: { TargetArn: lost } });
    expect(resources['WorkEventInvokeConfig']).toMatchObject({
      type: 'AWS::Lambda::EventInvokeConfig',
      properties: {
        FunctionName: { Ref: 'Work' },
        Qualifier: '$LATEST',
        MaximumRetryAttempts: 0,
        DestinationConfig: { OnFailure: { Destination: lost } },
      },
    });
    expect(() => sam(text('{Type: SNS, Destination: x}'))).toThrow(
      /^t.yaml:11: resource Work: EventInvokeConfig: OnFailure: type SNS is not supported/,
    );
    expect(() => sam(text('{Type: SQS}'))).toThrow(/OnFailure needs Destination/);
  });

  it('merges Globals as SAM does and points Code at the source', () => {
    expect(sam(api).resources['PlaceOrder']?.properties).toMatchObject({
      Code: { LocalFolder: '../functions/', EntryPoint: 'place-order.ts' },
      Handler: 'place-order.handler',
      Runtime: 'nodejs22.x',
      Timeout: 10,
      Architectures: ['arm64'],
      Environment: { Variables: { A: 1, B: 3 } },
      Role: { 'Fn::GetAtt': ['PlaceOrderRole', 'Arn'] },
    });
  });

  it('writes the routes into the OpenAPI body of the API', () => {
    const { Body } = sam(api).resources['ServerlessHttpApi']?.properties ?? {};
    expect(Body).toMatchObject({
      openapi: '3.0.1',
      paths: { '/orders/{id}': { post: { 'x-amazon-apigateway-integration': { type: 'aws_proxy', payloadFormatVersion: '2.0' } } } },
    });
  });

  it('gives the role basic execution and the policies that were asked for', () => {
    const { ManagedPolicyArns, Policies } = sam(api).resources['PlaceOrderRole']?.properties ?? {};
    expect(ManagedPolicyArns).toEqual([
      'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole',
      'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess',
    ]);
    expect(Policies).toHaveLength(2);
  });

  it('makes of a state machine the machine, with its definition file, and its role', () => {
    const { resources } = sam(
      'Resources:\n  M:\n    Type: AWS::Serverless::StateMachine\n    Properties:\n      Name: m\n      Type: EXPRESS\n      DefinitionUri: m.asl.json\n' +
        '      DefinitionSubstitutions: {F: !Ref AWS::Region}\n      Tracing: {Enabled: true}\n      Policies: [{StepFunctionsExecutionPolicy: {StateMachineName: n}}]\n',
    );
    expect(Object.keys(resources)).toEqual(['M', 'MRole']);
    expect(resources['M']).toMatchObject({
      type: 'AWS::StepFunctions::StateMachine',
      properties: {
        ...{ StateMachineName: 'm', StateMachineType: 'EXPRESS', DefinitionS3Location: 'm.asl.json', RoleArn: { 'Fn::GetAtt': ['MRole', 'Arn'] } },
        ...{ DefinitionSubstitutions: { F: { Ref: 'AWS::Region' } }, TracingConfiguration: { Enabled: true } },
        Tags: [{ Key: 'stateMachine:createdBy', Value: 'SAM' }],
      },
    });
    expect(resources['MRole']?.properties).toMatchObject({
      AssumeRolePolicyDocument: { Statement: [{ Principal: { Service: ['states.amazonaws.com'] } }] },
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess'],
      Policies: [{ PolicyName: 'MRolePolicy0', PolicyDocument: { Statement: [{ Action: ['states:StartExecution'] }] } }],
    });
  });

  it('names a stage and an API that the template declares', () => {
    const { resources } = sam(
      'Resources:\n  Shop: {Type: AWS::Serverless::HttpApi, Properties: {StageName: live}}\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      InlineCode: x\n      Handler: index.handler\n      Events: {All: {Type: HttpApi, Properties: {ApiId: !Ref Shop}}}\n',
    );
    expect(Object.keys(resources).sort()).toEqual(['F', 'FAllPermission', 'FRole', 'Shop', 'ShopliveStage']);
    expect(resources['Shop']?.properties['Body']).toMatchObject({
      paths: { $default: { 'x-amazon-apigateway-any-method': { isDefaultRoute: true } } },
    });
  });

  it.each([
    ['type', 'Resources:\n  S:\n    Type: AWS::Serverless::GraphQLApi\n', /^t.yaml:3: resource S: type AWS::Serverless::GraphQLApi is not supported/],
    [
      'property',
      'Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: .\n      AutoPublishAlias: live\n',
      /^t.yaml:7: resource F: property AutoPublishAlias is not/,
    ],
    [
      'global',
      'Globals:\n  Function:\n    SnapStart: {}\nResources:\n  F: {Type: AWS::Serverless::Function, Properties: {CodeUri: .}}\n',
      /^t.yaml:4: resource F: property SnapStart/,
    ],
    [
      'property of Globals',
      'Globals:\n  Function:\n    InlineCode: x\nResources:\n  F: {Type: AWS::Serverless::Function, Properties: {Handler: index.handler}}\n',
      /^t.yaml:4: Globals: Function: SAM takes no InlineCode here/,
    ],
    [
      'event',
      'Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: .\n      Events:\n        Q: {Type: SNS}\n',
      /^t.yaml:8: resource F: event Q: type SNS is not supported/,
    ],
    [
      'event of a state machine',
      'Resources:\n  M:\n    Type: AWS::Serverless::StateMachine\n    Properties:\n      DefinitionUri: m.json\n      Events: {}\n',
      /^t.yaml:7: resource M: property Events is not supported/,
    ],
    [
      'policy',
      'Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: .\n      Policies:\n        - SNSCrudPolicy: {TopicName: t}\n',
      /^t.yaml:8: .*policy SNSCrudPolicy/,
    ],
  ])('refuses an unknown %s by name, with its line', (_, text, message) => expect(() => sam(text)).toThrow(message));
});
