import type { ResourceConfiguration } from '../../record/types.ts';
import { httpApiBiller, restApiBiller } from './apigateway.ts';
import { type Bill, type BillContext, type Biller, missing, nothing, together } from './bill.ts';
import { alarmBiller } from './cloudwatch.ts';
import { dynamodbBiller } from './dynamodb.ts';
import { lambdaBiller } from './lambda.ts';
import { queueBiller } from './sqs.ts';
import { stateMachineBiller } from './states.ts';

/** Every service that has a price; adding one adds it to the cost of a run. */
const billers: readonly Biller[] = [lambdaBiller, httpApiBiller, restApiBiller, dynamodbBiller, stateMachineBiller, queueBiller, alarmBiller];

/** Resource types that cost nothing by themselves. */
const freeTypes: readonly string[] = [
  'AWS::ApiGateway::Account',
  'AWS::ApiGateway::ApiKey',
  'AWS::ApiGateway::Authorizer',
  'AWS::ApiGateway::BasePathMapping',
  'AWS::ApiGateway::Deployment',
  'AWS::ApiGateway::DomainName',
  'AWS::ApiGateway::GatewayResponse',
  'AWS::ApiGateway::Method',
  'AWS::ApiGateway::Model',
  'AWS::ApiGateway::RequestValidator',
  'AWS::ApiGateway::Resource',
  'AWS::ApiGateway::Stage',
  'AWS::ApiGateway::UsagePlan',
  'AWS::ApiGateway::UsagePlanKey',
  'AWS::ApiGatewayV2::ApiMapping',
  'AWS::ApiGatewayV2::Authorizer',
  'AWS::ApiGatewayV2::Deployment',
  'AWS::ApiGatewayV2::DomainName',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Stage',
  'AWS::ApplicationAutoScaling::ScalableTarget',
  'AWS::ApplicationAutoScaling::ScalingPolicy',
  'AWS::FIS::ExperimentTemplate',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::Lambda::Alias',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::LayerVersion',
  'AWS::Lambda::Permission',
  'AWS::Lambda::Url',
  'AWS::Lambda::Version',
  'AWS::Logs::LogGroup',
  'AWS::SQS::QueueInlinePolicy',
  'AWS::SQS::QueuePolicy',
  'AWS::SSM::Document',
  'AWS::SSM::Parameter',
  'AWS::StepFunctions::Activity',
  'AWS::StepFunctions::StateMachineAlias',
  'AWS::StepFunctions::StateMachineVersion',
];

/** What the system's resources used. */
export function billSystem(context: BillContext): Bill {
  return together(...context.resources.map((resource) => billOf(resource, context)));
}

function billOf(resource: ResourceConfiguration, context: BillContext): Bill {
  const biller = billers.find(({ types }) => types.includes(resource.type));
  if (biller) return biller.bill(resource, context);
  return freeTypes.includes(resource.type) ? nothing : missing(`${resource.logicalId} (${resource.type})`);
}
