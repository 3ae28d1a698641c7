import { expect, it } from 'vitest';
import { parseTemplate } from '../template/index.ts';
import { callersOf } from './callers.ts';

it('tells who calls each function: APIs by their permissions, and whatever of the template refers to it', () => {
  const template = parseTemplate(
    'shop.yaml',
    `
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: nodejs22.x, Handler: index.handler, CodeUri: .}}
Resources:
  GetOrder: {Type: AWS::Serverless::Function, Properties: {Events: {Get: {Type: HttpApi, Properties: {Path: /orders, Method: get}}}}}
  Charge: {Type: AWS::Serverless::Function, Properties: {Environment: {Variables: {PROVIDER: !Ref Provider}}, Policies: [LambdaInvokePolicy: {FunctionName: !Ref Provider}]}}
  Provider: {Type: AWS::Serverless::Function}
  Idle: {Type: AWS::Serverless::Function}
  Ship: {Type: AWS::Serverless::Function}
  Mapping: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !GetAtt Ship.Arn, EventSourceArn: 'arn:aws:sqs:us-east-1:123456789012:q'}}
  Saga:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: !GetAtt ChargeRole.Arn
      DefinitionSubstitutions: {Charge: !GetAtt Charge.Arn, Get: !Sub '\${GetOrder.Arn}:live'}
      DefinitionString: '{}'
`,
  );
  expect(Object.fromEntries(callersOf(template))).toEqual({
    GetOrder: ['Saga', 'apigateway.amazonaws.com'],
    Charge: ['Saga'],
    Provider: ['Charge'],
    Idle: [],
    Ship: ['Mapping'],
  });
});
