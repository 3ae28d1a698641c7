import type { Cancel } from '../../../core/clock.ts';
import { messageOf } from '../../../core/errors.ts';
import type { LabContext, LabService } from '../../contract.ts';
import { createFaultConfigurations, type FaultConfigurations } from '../../functions/fault-configurations.ts';
import { FunctionHosts } from '../../functions/function-hosts.ts';
import { AsyncInvocations } from './async/async-invocations.ts';
import { EventInvokeConfigs } from './async/event-invoke-configs.ts';
import {
  deleteFunctionEventInvokeConfig,
  eventInvokeConfigResource,
  getFunctionEventInvokeConfig,
  listFunctionEventInvokeConfigs,
  putFunctionEventInvokeConfig,
  updateFunctionEventInvokeConfig,
} from './async/operations.ts';
import { Mappings } from './event-sources/mappings.ts';
import {
  createEventSourceMapping,
  deleteEventSourceMapping,
  getEventSourceMapping,
  listEventSourceMappings,
  updateEventSourceMapping,
} from './event-sources/operations.ts';
import { eventSourceMappingResource } from './event-sources/resource.ts';
import { FaultInjection } from './fault-injection.ts';
import { Functions } from './functions.ts';
import { Invoker } from './invoker.ts';
import { LambdaMetrics } from './metrics.ts';
import { deleteFunctionConcurrency, getFunctionConcurrency, putFunctionConcurrency } from './operations/concurrency.ts';
import { invokeOperation } from './operations/invoke.ts';
import { getAccountSettings, getFunction, getFunctionConfiguration, listFunctions, listTags } from './operations/read.ts';
import { createFunction, deleteFunction, updateFunctionConfiguration } from './operations/write.ts';
import { functionResource, permissionResource } from './resources.ts';

export interface LambdaServiceOptions {
  /** Worker threads that functions share; default: one less than the machine's cores, at least one. */
  readonly hosts?: number;
  /** Where FIS writes the faults that the extension in functions' environments reads; default: nobody writes any. */
  readonly faults?: FaultConfigurations;
  /** Told when a function blocked its host, or a host had to be ended. */
  readonly onIncident?: (text: string) => void;
}

/** How often idle environments are looked at and concurrency is sampled for functions that run long; lab time. */
const sweepMs = 60_000;

/** AWS Lambda: functions in worker threads, with the concurrency, scaling, cold starts, time-outs and throttles of AWS. */
export function createLambdaService(context: LabContext, options: LambdaServiceOptions = {}): LabService {
  const { hosts: count, faults = createFaultConfigurations(), ...rest } = options;
  const hosts = new FunctionHosts({
    wall: context.wall,
    wire: (request) => context.wire(request),
    ...rest,
    ...(count === undefined ? {} : { count }),
  });
  const functions = new Functions(context, hosts);
  const metrics = new LambdaMetrics(context.metrics);
  const invoker = new Invoker(context, functions, hosts, metrics, new FaultInjection(context, faults));
  const configs = new EventInvokeConfigs(context);
  const onDefect = (thrown: unknown): void => options.onIncident?.(`a defect of the lab in the background of Lambda: ${messageOf(thrown)}`);
  const queued = new AsyncInvocations(context, functions, invoker, configs, onDefect);
  const mappings = new Mappings(context, functions, onDefect);
  let cancel: Cancel = () => undefined;
  const sweep = (): void => {
    sweepOnce(context, functions, metrics);
    cancel = context.clock.schedule(sweepMs, sweep);
  };
  return {
    name: 'lambda',
    operations: {
      Invoke: invokeOperation(context, functions, invoker, queued),
      GetFunction: getFunction(functions),
      GetFunctionConfiguration: getFunctionConfiguration(functions),
      ListFunctions: listFunctions(functions),
      ListTags: listTags(functions),
      GetAccountSettings: getAccountSettings(context, functions),
      PutFunctionConcurrency: putFunctionConcurrency(context, functions),
      GetFunctionConcurrency: getFunctionConcurrency(functions),
      DeleteFunctionConcurrency: deleteFunctionConcurrency(functions),
      CreateFunction: createFunction(context, functions),
      UpdateFunctionConfiguration: updateFunctionConfiguration(functions),
      DeleteFunction: deleteFunction(functions),
      PutFunctionEventInvokeConfig: putFunctionEventInvokeConfig(functions, configs),
      UpdateFunctionEventInvokeConfig: updateFunctionEventInvokeConfig(functions, configs),
      GetFunctionEventInvokeConfig: getFunctionEventInvokeConfig(functions, configs),
      ListFunctionEventInvokeConfigs: listFunctionEventInvokeConfigs(functions, configs),
      DeleteFunctionEventInvokeConfig: deleteFunctionEventInvokeConfig(functions, configs),
      CreateEventSourceMapping: createEventSourceMapping(mappings),
      GetEventSourceMapping: getEventSourceMapping(mappings),
      ListEventSourceMappings: listEventSourceMappings(mappings),
      UpdateEventSourceMapping: updateEventSourceMapping(mappings),
      DeleteEventSourceMapping: deleteEventSourceMapping(mappings),
    },
    resources: [
      functionResource(context, functions),
      permissionResource(functions),
      eventSourceMappingResource(mappings),
      eventInvokeConfigResource(functions, configs),
    ],
    start: () => {
      cancel = context.clock.schedule(sweepMs, sweep);
    },
    async stop() {
      cancel();
      mappings.stop();
      queued.stop();
      await hosts.stop();
    },
  };
}

function sweepOnce({ clock }: LabContext, functions: Functions, metrics: LambdaMetrics): void {
  const nowMs = clock.now();
  const { pool } = functions.admission;
  for (const each of functions.list()) {
    for (const environment of each.idle.reap(nowMs)) environment.drop();
    const running = pool.runningOf(each.name);
    if (running > 0) metrics.concurrency(each.name, running, nowMs);
  }
  if (pool.running > 0) metrics.accountConcurrency(pool.running, pool.unreservedRunning, nowMs);
}
