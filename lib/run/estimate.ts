import type { Numbers } from '../core/numbers.ts';
import { actionMinutes, priceOf, usdFor } from '../models/price.ts';
import { referencesIn, type Template, type TemplateResource } from '../template/index.ts';
import type { Plan, PlannedFlow } from './plan.ts';

/** A cost before the run: an order of magnitude from what is declared, not a measurement. */
export interface CostEstimate {
  readonly aboutUsd: number;
  /** On what it rests, and what is left out of it. */
  readonly rests: string;
}

/** Prices of `config/prices` for each request of the flows, by the type of resource that makes them due. */
const perRequest: Readonly<Record<string, readonly string[]>> = {
  'AWS::Lambda::Function': ['lambda.request'],
  'AWS::DynamoDB::Table': ['dynamodb.write-request-unit', 'dynamodb.read-request-unit'],
};

/** The price of a request by the kind of front door that takes it. */
const frontDoorPrices: Readonly<Record<string, string>> = {
  'AWS::ApiGatewayV2::Api': 'apigateway.http-request',
  'AWS::ApiGateway::RestApi': 'apigateway.rest-request',
};

const stateMachine = 'AWS::StepFunctions::StateMachine';

/**
 * About what the run will cost: for each request of the plan one at its front door, one Lambda request, a write and a read unit; state transitions as
 * many as the exercise declares for a pass; FIS by the action-minute. What nobody knows before the run is left out by name.
 */
export function estimateCost(plan: Pick<Plan, 'flows' | 'faults'>, template: Template, prices: Numbers | undefined): CostEstimate | undefined {
  if (!prices) return undefined;
  const { flows, faults } = plan;
  const resources = Object.values(template.resources);
  const usd = (key: string, quantity: number): number => {
    const price = priceOf(prices, key);
    return price ? usdFor(price, quantity) : 0;
  };
  const doors = flows.map((flow) => ({ flow, key: frontDoorPrice(template, flow.frontDoor) }));
  const requests = sum(flows.map(requestsOf));
  const due = Object.entries(perRequest).flatMap(([type, keys]) => (resources.some((each) => each.type === type) ? keys : []));
  const transitions = resources.some(isStandard) ? sum(flows.map((flow) => flow.plannedArrivals * (flow.transitionsPerFlow ?? 0))) : 0;
  const aboutUsd =
    sum(doors.map(({ flow, key }) => (key === undefined ? 0 : usd(key, requestsOf(flow))))) +
    sum(due.map((key) => usd(key, requests))) +
    usd('states.standard-transition', transitions) +
    sum(faults.map((fault) => usd('fis.action-minute', actionMinutes(fault.durationSec * 1_000))));
  const left = [...doors.flatMap(({ flow, key }) => (key === undefined ? [`the front door of ${flow.name}`] : [])), ...leftOut(resources, flows)];
  const counted = [
    `about ${requests} requests (${flows.map((flow) => `${flow.plannedArrivals} x ${flow.requestsPerFlow}`).join(' + ')})`,
    ...(transitions > 0 ? [`${transitions} state transitions`] : []),
  ];
  return { aboutUsd, rests: `${counted.join(', ')}${left.length > 0 ? `; without ${left.join(', ')}` : ''}` };
}

function requestsOf({ plannedArrivals, requestsPerFlow }: PlannedFlow): number {
  return plannedArrivals * requestsPerFlow;
}

/** The price of a request to the API that an output's URL names; undefined where it names none. */
function frontDoorPrice({ outputs, resources, file, lines }: Template, output: string): string | undefined {
  const names = referencesIn(outputs[output]?.value, { file, lines, inConditions: false }).map(({ name }) => name);
  const types = names.flatMap((name) => resources[name]?.type ?? []);
  return types.flatMap((type) => frontDoorPrices[type] ?? [])[0];
}

/** What the system is billed for and nobody can count before the run. */
function leftOut(resources: readonly TemplateResource[], flows: readonly PlannedFlow[]): string[] {
  const has = (type: string): boolean => resources.some((each) => each.type === type);
  const machines = resources.filter(({ type }) => type === stateMachine);
  const undeclared = flows.some(({ transitionsPerFlow }) => transitionsPerFlow === undefined);
  return [
    ...(has('AWS::Lambda::Function') ? ['function time'] : []),
    ...(machines.some(isStandard) && undeclared ? ['state transitions (declare transitionsPerFlow)'] : []),
    ...(machines.some((each) => !isStandard(each)) ? ['executions of Express workflows'] : []),
    ...(has('AWS::SQS::Queue') ? ['requests to queues'] : []),
  ];
}

function isStandard({ type, properties }: TemplateResource): boolean {
  return type === stateMachine && properties['StateMachineType'] !== 'EXPRESS';
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
