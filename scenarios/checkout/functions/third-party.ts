import { setTimeout as wait } from 'node:timers/promises';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { setting } from './clients.ts';

/** How long what was read counts; a change is felt that much later. */
const keptMs = 2000;

const ssm = new SSMClient({ maxAttempts: 1, requestHandler: { connectionTimeout: 500, requestTimeout: 1000, throwOnRequestTimeout: true } });

/** How a third party behaves towards everybody just now. */
export interface Conduct {
  /** How late its answers come, once the work is done. */
  readonly delayMs: number;
  /** Share of requests that it cannot take. */
  readonly errorRate: number;
}

let known: Conduct = { delayMs: 0, errorRate: 0 };
let readMs = Number.NEGATIVE_INFINITY;

/**
 * What the parameter CONDUCT_PARAMETER says, such as `delayMs=0 errorRate=0`: text without quotes, because a fault keeps the text that it found inside
 * a JSON text of its own. While it cannot be read, what was last known holds.
 */
export async function conduct(): Promise<Conduct> {
  if (Date.now() - readMs < keptMs) return known;
  readMs = Date.now();
  try {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: setting('CONDUCT_PARAMETER') }));
    known = conductOf(Parameter?.Value ?? '');
  } catch (thrown) {
    console.error(JSON.stringify({ code: 'conduct-unknown', message: String(thrown) }));
  }
  return known;
}

/** Reads `name=number` pairs; what is missing, or no number, is 0. */
export function conductOf(text: string): Conduct {
  const values = Object.fromEntries(text.split(/\s+/).map((pair) => pair.split('='))) as Record<string, string | undefined>;
  const numberOf = (name: string): number => Number(values[name]) || 0;
  return { delayMs: numberOf('delayMs'), errorRate: numberOf('errorRate') };
}

/** Throws the error `name` for the share of requests that the conduct says. */
export function failByChance({ errorRate }: Conduct, name: string): void {
  if (Math.random() < errorRate) throw Object.assign(new Error('the service is not available'), { name });
}

/** Answers as late as the conduct says. */
export async function answerLate<Answer>({ delayMs }: Conduct, answer: Answer): Promise<Answer> {
  if (delayMs > 0) await wait(delayMs);
  return answer;
}
