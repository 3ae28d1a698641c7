import { join } from 'node:path';
import { type VirtualClock, virtualClock } from '../lib/core/clock.ts';
import { AwsError } from '../lib/core/errors.ts';
import { Numbers } from '../lib/core/numbers.ts';
import { packageRoot } from '../lib/core/package-root.ts';
import { seededRng } from '../lib/core/rng.ts';
import type { Caller, LabContext, LabService } from '../lib/lab/contract.ts';

export interface VirtualLab {
  readonly clock: VirtualClock;
  readonly context: LabContext;
  /** Calls that services made of each other, as `service.Operation`. */
  readonly calls: string[];
  call<Output = Record<string, never>>(service: string, operation: string, input?: object): Promise<Output>;
  stop(): Promise<void>;
}

/** Services of the lab on a clock that only tests move, without a gateway: inputs and outputs in the SDK's shapes. */
export function virtualLab(create: (context: LabContext) => readonly LabService[], options: { asAwsIs?: boolean } = {}): VirtualLab {
  const clock = virtualClock();
  const calls: string[] = [];
  const call = async (serviceName: string, operationName: string, input: unknown, caller: Caller): Promise<never> => {
    if (caller.kind === 'service') calls.push(`${serviceName}.${operationName}`);
    const operation = services.find((service) => service.name === serviceName)?.operations[operationName];
    if (!operation) throw new AwsError('UnknownOperationException', `${serviceName}.${operationName} is not there`);
    return (await operation.act(input as never, { requestId: 'r', caller, arrivedMs: 0, modelledMs: 0 })) as never;
  };
  const context: LabContext = {
    account: '123456789012',
    region: 'us-east-1',
    clock,
    wall: clock,
    rng: seededRng('test'),
    quotas: Numbers.fromFolder(join(packageRoot(), 'config/quotas')),
    latency: Numbers.fromFolder(join(packageRoot(), 'config/latency')),
    delays: false,
    asAwsIs: options.asAwsIs ?? false,
    metrics: { series: () => ({ add: () => undefined }) },
    meter: () => undefined,
    endpoint: () => 'http://127.0.0.1:0',
    call,
    wire: () => Promise.reject(new Error('no gateway here')),
    arn: (service, resource) => `arn:aws:${service}:us-east-1:123456789012:${resource}`,
  };
  const services = create(context);
  return {
    clock,
    context,
    calls,
    call: (service, operation, input = {}) => call(service, operation, input, { kind: 'http' }),
    stop: async () => {
      for (const service of services) await service.stop?.();
    },
  };
}

/** Reserved concurrency of one function `f`, as Lambda's API has it; `refuse` makes an operation fail. */
export function concurrencyService(state: { reserved: number | undefined; refuse?: string }): LabService {
  const checked = (operation: string): void => {
    if (state.refuse === operation) throw new AwsError('AccessDeniedException', `not allowed to call ${operation}`, 403);
  };
  return {
    name: 'lambda',
    operations: {
      GetFunctionConcurrency: {
        act: () => {
          checked('GetFunctionConcurrency');
          return state.reserved === undefined ? {} : { ReservedConcurrentExecutions: state.reserved };
        },
      },
      PutFunctionConcurrency: {
        act: (input: { ReservedConcurrentExecutions: number }) => {
          checked('PutFunctionConcurrency');
          if (typeof input.ReservedConcurrentExecutions !== 'number') throw new AwsError('SerializationException', 'a number is wanted');
          state.reserved = input.ReservedConcurrentExecutions;
          return { ReservedConcurrentExecutions: state.reserved };
        },
      },
      DeleteFunctionConcurrency: {
        act: () => {
          checked('DeleteFunctionConcurrency');
          state.reserved = undefined;
          return {};
        },
      },
    },
  };
}

/** Alarms that a test sets by hand. */
export function alarmService(states: Record<string, 'OK' | 'ALARM'>): LabService {
  return {
    name: 'monitoring',
    operations: {
      DescribeAlarms: {
        act: ({ AlarmNames }: { AlarmNames: string[] }) => ({
          MetricAlarms: AlarmNames.filter((name) => name in states).map((AlarmName) => ({ AlarmName, StateValue: states[AlarmName] })),
        }),
      },
    },
  };
}

/** A document that throttles `f`: reads, applies, waits, restores, and restores too when it fails or is cancelled. */
export function throttleDocument(changes: { withoutRestore?: boolean } = {}): object {
  const api = (name: string, Api: string, inputs: object, more: object = {}) => ({
    name,
    action: 'aws:executeAwsApi',
    inputs: { Service: 'lambda', Api, FunctionName: '{{ FunctionName }}', ...inputs },
    ...more,
  });
  const detour = changes.withoutRestore ? {} : { onFailure: 'step:restore', onCancel: 'step:restore' };
  const found = [{ Name: 'found', Selector: '$.ReservedConcurrentExecutions', Type: 'Integer' }];
  const restore = [
    {
      name: 'restore',
      action: 'aws:branch',
      inputs: { Choices: [{ NextStep: 'restoreFound', Variable: '{{ read.found }}', NumericGreaterOrEquals: 0 }], Default: 'restoreAbsent' },
    },
    api('restoreFound', 'put_function_concurrency', { ReservedConcurrentExecutions: '{{ read.found }}' }, { isEnd: true }),
    api('restoreAbsent', 'DeleteFunctionConcurrency', {}, { isEnd: true }),
  ];
  return {
    schemaVersion: '0.3',
    description: 'throttles a function',
    parameters: {
      FunctionName: { type: 'String' },
      Reserved: { type: 'String', default: '1' },
      Duration: { type: 'String', default: 'PT2M' },
    },
    mainSteps: [
      api('read', 'GetFunctionConcurrency', {}, { outputs: found }),
      api('apply', 'PutFunctionConcurrency', { ReservedConcurrentExecutions: '{{ Reserved }}' }, detour),
      { name: 'wait', action: 'aws:sleep', inputs: { Duration: '{{ Duration }}' }, ...detour, ...(changes.withoutRestore ? { isEnd: true } : {}) },
      ...(changes.withoutRestore ? [] : restore),
    ],
  };
}
