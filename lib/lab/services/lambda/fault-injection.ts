import { mayRead } from '../../../models/fis/extension/permission.ts';
import type { LabContext } from '../../contract.ts';
import type { FaultConfigurations } from '../../functions/fault-configurations.ts';
import { type ExtendedInvocation, FisExtension } from '../../functions/fis-extension.ts';
import type { HostedEnvironment } from '../../functions/hosted-environment.ts';
import { ServiceTimes } from '../../gateway/delays.ts';
import type { LambdaFunction } from './lambda-function.ts';
import { rolePolicies } from './role-policies.ts';

/** The extensions of FIS in the environments of all functions that have it. */
export class FaultInjection {
  readonly #context: LabContext;
  readonly #configurations: FaultConfigurations;
  readonly #extensions = new WeakMap<HostedEnvironment, FisExtension>();
  readonly #rng: LabContext['rng'];
  readonly #times: ServiceTimes;

  constructor(context: LabContext, configurations: FaultConfigurations) {
    this.#context = context;
    this.#configurations = configurations;
    this.#rng = context.rng.fork('fis-extension');
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

  /** What happens to the invocation that begins now; undefined without the extension. */
  begin(environment: HostedEnvironment): Promise<ExtendedInvocation> | undefined {
    return this.#extensions.get(environment)?.begin();
  }

  /** An invocation ended after `ranMs` of the wall. */
  end(environment: HostedEnvironment, ranMs: number): void {
    this.#extensions.get(environment)?.end(ranMs);
  }
}
