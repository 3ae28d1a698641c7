import type { Numbers } from '../../core/numbers.ts';
import type { RunRecord } from '../../record/reader.ts';
import type { ResourceConfiguration } from '../../record/types.ts';
import { spanOf } from '../clients.ts';
import { noData, value } from '../figure.ts';
import type { CostFigures, CostItem, Figure } from '../types.ts';
import { httpApiBiller, restApiBiller } from './apigateway.ts';
import { type Bill, type Biller, missing, together } from './bill.ts';
import { dynamodbBiller } from './dynamodb.ts';
import { billInstruments, instruments } from './instruments.ts';
import { lambdaBiller } from './lambda.ts';
import { queueBiller } from './sqs.ts';
import { stateMachineBiller } from './states.ts';

/** Every service that has a price; adding one adds it to the cost of a run. */
const billers: readonly Biller[] = [lambdaBiller, httpApiBiller, restApiBiller, dynamodbBiller, stateMachineBiller, queueBiller];

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

const currencyNote =
  'US dollars at list prices without free tiers. Per thousand leaves out what the run itself cost (FIS, Automation, CloudWatch reads): it is the cost of the system. ' +
  "Lambda's Duration is priced unrounded.";

/**
 * The cost of the run by resource: usage that CloudWatch metered over the whole run (warm-up included) times the list price, and per thousand business transactions.
 * What has no price is named, and then the total is the least it can be.
 */
export function costFigures(record: RunRecord, prices: Numbers | undefined, transactions: number): CostFigures {
  const { name: transaction } = record.manifest.businessTransaction;
  if (!prices) {
    const nothing = noData('USD', `there is no price list for ${record.manifest.site.region}`);
    return { totalUsd: nothing, perThousandUsd: nothing, transaction, transactions, items: [], unpriced: [], currencyNote };
  }
  const span = spanOf(record);
  const context = { record, prices, hours: (span.endMs - span.startMs) / 3_600_000 };
  const system = together(...record.resources.map((resource) => billOf(resource, context)));
  const tools = billInstruments(context);
  const { items, unpriced, incomplete } = together(system, tools);
  return {
    totalUsd: unknownCost(items, incomplete) ?? usdFigure(sumOf(items)),
    perThousandUsd: perThousand(system, transactions, transaction),
    transaction,
    transactions,
    items,
    unpriced,
    currencyNote,
  };
}

function billOf(resource: ResourceConfiguration, context: Parameters<Biller['bill']>[1]): Bill {
  const biller = billers.find(({ types }) => types.includes(resource.type));
  if (biller) return biller.bill(resource, context);
  return freeTypes.includes(resource.type) ? missing() : missing(`${resource.logicalId} (${resource.type})`);
}

/** Why there is no cost: nothing was metered, or not all of it. Usage that was not completely collected is no usage at all. */
function unknownCost(items: readonly CostItem[], incomplete: readonly string[]): Figure | undefined {
  if (incomplete.length > 0) return noData('USD', `the collection of the usage was not complete: ${incomplete.join(', ')}`);
  return items.length === 0 ? noData('USD', 'no usage was collected for any resource') : undefined;
}

function perThousand({ items, incomplete }: Bill, transactions: number, transaction: string): Figure {
  const unknown = unknownCost(items, incomplete);
  if (unknown) return unknown;
  if (transactions === 0) return noData('USD', `not one ${transaction} went through`);
  return usdFigure((sumOf(items.filter(({ resource }) => resource !== instruments)) / transactions) * 1000);
}

function sumOf(items: readonly CostItem[]): number {
  return items.reduce((sum, { usd }) => sum + usd, 0);
}

function usdFigure(usd: number): Figure {
  return value(usd, 'USD', 'price-list', 60);
}
