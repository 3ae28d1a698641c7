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
  'AWS::ApiGateway::ApiKey',
  'AWS::ApiGateway::Deployment',
  'AWS::ApiGateway::Method',
  'AWS::ApiGateway::Resource',
  'AWS::ApiGateway::Stage',
  'AWS::ApiGateway::UsagePlan',
  'AWS::ApiGateway::UsagePlanKey',
  'AWS::ApiGatewayV2::Stage',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Deployment',
  'AWS::IAM::Role',
  'AWS::IAM::Policy',
  'AWS::IAM::ManagedPolicy',
  'AWS::Lambda::Permission',
  'AWS::Lambda::Version',
  'AWS::Lambda::Alias',
  'AWS::Lambda::LayerVersion',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::SQS::QueuePolicy',
  'AWS::StepFunctions::StateMachineVersion',
  'AWS::StepFunctions::StateMachineAlias',
  'AWS::StepFunctions::Activity',
  'AWS::Logs::LogGroup',
  'AWS::SSM::Parameter',
  'AWS::SSM::Document',
  'AWS::FIS::ExperimentTemplate',
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
