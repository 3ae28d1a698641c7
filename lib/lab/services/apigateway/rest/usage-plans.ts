import { AwsError } from '../../../../core/errors.ts';
import type { Rng } from '../../../../core/rng.ts';
import { ClientUsage, type PlanLimits } from '../../../../models/apigateway/usage-plan.ts';
import { newId } from '../ids.ts';

export interface ApiKey {
  readonly id: string;
  readonly value: string;
  readonly enabled: boolean;
}

interface UsagePlan {
  readonly limits: PlanLimits;
  /** Keys of its API stages. */
  readonly stages: ReadonlySet<string>;
  /** By API key. */
  readonly clients: Map<string, ClientUsage>;
}

/** An API key as a request uses it: in the plan that gives it access to a stage. */
export interface Client {
  readonly key: ApiKey;
  readonly usage: ClientUsage;
}

/** The API keys and usage plans of the account. */
export class UsagePlans {
  readonly #rng: Rng;
  readonly #keys = new Map<string, ApiKey>();
  readonly #byValue = new Map<string, ApiKey>();
  readonly #plans = new Map<string, UsagePlan>();

  constructor(rng: Rng) {
    this.#rng = rng;
  }

  addKey(value: string, enabled: boolean): string {
    if (this.#byValue.has(value)) throw new AwsError('ConflictException', 'API Key already exists', 409);
    const key = { id: newId(this.#rng), value, enabled };
    this.#keys.set(key.id, key);
    this.#byValue.set(value, key);
    return key.id;
  }

  removeKey(id: string): void {
    const key = this.#keys.get(id);
    if (!key) return;
    this.#keys.delete(id);
    this.#byValue.delete(key.value);
    for (const { clients } of this.#plans.values()) clients.delete(id);
  }

  addPlan(limits: PlanLimits, stages: Iterable<string>): string {
    const id = newId(this.#rng, 6);
    this.#plans.set(id, { limits, stages: new Set(stages), clients: new Map() });
    return id;
  }

  removePlan(id: string): void {
    this.#plans.delete(id);
  }

  link(planId: string, keyId: string, nowMs: number): void {
    const plan = this.#plans.get(planId);
    if (!plan) throw new AwsError('NotFoundException', 'Invalid Usage Plan identifier specified', 404);
    if (!this.#keys.has(keyId)) throw new AwsError('NotFoundException', 'Invalid API Key identifier specified', 404);
    if (plan.clients.has(keyId)) throw new AwsError('ConflictException', 'Usage Plan Key already exists', 409);
    const shared = [...this.#plans.values()].some(({ clients, stages }) => clients.has(keyId) && [...stages].some((stage) => plan.stages.has(stage)));
    if (shared) throw new AwsError('ConflictException', `API Key ${keyId} cannot reference multiple Usage Plans with the same API Stages`, 409);
    plan.clients.set(keyId, new ClientUsage(plan.limits, nowMs));
  }

  unlink(planId: string, keyId: string): void {
    this.#plans.get(planId)?.clients.delete(keyId);
  }

  /** Who sends `value` in a request to a stage; undefined when it is no key, disabled, or has no plan for that stage. */
  client(value: string | undefined, stage: string): Client | undefined {
    const key = value === undefined ? undefined : this.#byValue.get(value);
    if (!key?.enabled) return undefined;
    for (const { clients, stages } of this.#plans.values()) {
      const usage = stages.has(stage) ? clients.get(key.id) : undefined;
      if (usage) return { key, usage };
    }
    return undefined;
  }
}
