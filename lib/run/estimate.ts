import type { Numbers } from '../core/numbers.ts';
import { actionMinutes, priceOf, usdFor } from '../models/price.ts';
import type { Plan } from './plan.ts';

/** A cost before the run: an order of magnitude from what is declared, not a measurement. */
export interface CostEstimate {
  readonly aboutUsd: number;
  readonly rests: string;
}

/** Prices of `config/prices` that an estimate multiplies, per request of the flows. */
const perRequest = ['apigateway.http-request', 'lambda.request', 'dynamodb.write-request-unit', 'dynamodb.read-request-unit'];

/**
 * About what the run will cost: for each request of the plan one HTTP API request, one Lambda request, a write and a read
 * unit; FIS by the action-minute. Function time is left out, since nobody knows it before the run.
 */
export function estimateCost(plan: Pick<Plan, 'flows' | 'faults'>, prices: Numbers | undefined): CostEstimate | undefined {
  if (!prices) return undefined;
  const requests = plan.flows.reduce((sum, flow) => sum + flow.plannedArrivals * flow.requestsPerFlow, 0);
  const usd = (key: string, quantity: number): number => {
    const price = priceOf(prices, key);
    return price ? usdFor(price, quantity) : 0;
  };
  const faultUsd = plan.faults.reduce((sum, fault) => sum + usd('fis.action-minute', actionMinutes(fault.durationSec * 1_000)), 0);
  const aboutUsd = perRequest.reduce((sum, key) => sum + usd(key, requests), 0) + faultUsd;
  return {
    aboutUsd,
    rests: `about ${requests} requests (${plan.flows.map((flow) => `${flow.plannedArrivals} x ${flow.requestsPerFlow}`).join(' + ')}), function time not included`,
  };
}
