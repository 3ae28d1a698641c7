import { type Injection, injectedResult } from '../../../models/fis/extension/fault.ts';
import { mayRead } from '../../../models/fis/extension/permission.ts';
import type { LabContext } from '../../contract.ts';
import type { FaultConfigurations } from '../../functions/fault-configurations.ts';
import { FisExtension } from '../../functions/fis-extension.ts';
import type { HostedEnvironment, InvokeRequest } from '../../functions/hosted-environment.ts';
import { toThreadMs } from '../../functions/messages.ts';
import { Delays, ServiceTimes } from '../../gateway/delays.ts';
import type { LambdaFunction } from './lambda-function.ts';
import type { Outcome } from './outcome.ts';
import { rolePolicies } from './role-policies.ts';

/** The extensions of FIS in the environments of all functions that have it. */
export class FaultInjection {
  readonly #context: LabContext;
  readonly #configurations: FaultConfigurations;
  readonly #extensions = new WeakMap<HostedEnvironment, FisExtension>();
  readonly #rng: LabContext['rng'];
  readonly #times: ServiceTimes;
  /** Faults take time under `--latency none` too. */
  readonly #delays: Delays;

  constructor(context: LabContext, configurations: FaultConfigurations) {
    this.#context = context;
    this.#configurations = configurations;
    this.#rng = context.rng.fork('fis-extension');
    this.#delays = new Delays(context.wall);
    this.#times = new ServiceTimes(context.latency, context.rng.fork('fis-extension-times'));
  }

  /** Starts the extension of an environment that starts now, where its function has it. */
  start(found: LambdaFunction, environment: HostedEnvironment): void {
    const { extension: settings, arn } = found;
    if (!settings) return;
    const { clock, quotas } = this.#context;
    const extension = new FisExtension(settings, {
      clock,
      frozenPollMaxMs: quotas.number('fis.extension-frozen-poll-max') * 1000,
      pollMs: () => this.#times.sampleMs('fis.extension-poll'),
      share: () => this.#rng.next(),
      read: async () => {
        const policies = await rolePolicies(this.#context, found.settings.role);
        if (policies && !mayRead(policies, settings.location)) return [];
        return this.#configurations.list(settings.location).filter(({ functionArn }) => functionArn === arn);
      },
    });
    this.#extensions.set(environment, extension);
  }

  has(found: LambdaFunction): boolean {
    return found.extension !== undefined;
  }

  /**
   * Runs an invocation as the extension lets it be: later by what it adds, and answered by the extension where a fault says so.
   * @param handler runs the handler; undefined where its host ended before it began
   */
  async run(
    environment: HostedEnvironment,
    request: InvokeRequest,
    handler: (request: InvokeRequest) => Promise<Outcome | undefined>,
    timedOut: () => Outcome,
  ): Promise<Outcome | undefined> {
    const extension = this.#extensions.get(environment);
    if (!extension) return handler(request);
    const { beforeMs, delayMs, instead, lines } = await extension.begin();
    await this.#waitUntil(toThreadMs(request.dueAt) + Math.min(beforeMs, request.timeoutMs));
    const late = { ...request, timeoutMs: request.timeoutMs - beforeMs, dueAt: request.dueAt + beforeMs };
    const outcome = late.timeoutMs <= 0 ? dropped(environment, timedOut) : await answered(instead, () => handler(late));
    if (!outcome) return undefined;
    const durationMs = Math.min(outcome.durationMs + beforeMs, request.timeoutMs);
    const modelledMs = Math.min(outcome.modelledMs + beforeMs, request.timeoutMs);
    // The wait for a poll is over when the rest begins; the delay is not.
    extension.end(durationMs - (beforeMs - delayMs));
    return { ...outcome, durationMs, modelledMs, lines: [...lines, ...(outcome.lines ?? [])] };
  }

  async #waitUntil(dueMs: number): Promise<void> {
    const leftMs = this.#delays.left(dueMs);
    if (leftMs > 0) await this.#delays.wait(leftMs);
  }
}

/** Lambda ends an environment whose time is over. */
function dropped(environment: HostedEnvironment, timedOut: () => Outcome): Outcome {
  environment.drop();
  return timedOut();
}

/** The handler's outcome with what `instead` makes of it: a response takes the place of its own, an error that of any end but a time-out. */
async function answered(instead: Injection['instead'], handler: () => Promise<Outcome | undefined>): Promise<Outcome | undefined> {
  if (instead?.preventExecution) return { ...injectedResult(instead), durationMs: 0, modelledMs: 0 };
  const outcome = await handler();
  if (!outcome || !instead || outcome.timeoutLine !== undefined) return outcome;
  return instead.kind === 'error' || !outcome.failed ? { ...outcome, ...injectedResult(instead) } : outcome;
}
