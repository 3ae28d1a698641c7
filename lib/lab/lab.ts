import { type Clock, scaledClock } from '../core/clock.ts';
import { fineClock } from '../core/fine-clock.ts';
import type { Numbers } from '../core/numbers.ts';
import { type Rng, seededRng } from '../core/rng.ts';
import type { StackSource } from '../template/index.ts';
import type { LabContext, LabService, MetricSink } from './contract.ts';
import { Delays, ServiceTimes } from './gateway/delays.ts';
import { openDoors } from './gateway/door.ts';
import { publishEventLoopLoad } from './gateway/event-loop-load.ts';
import { faultDeciders } from './gateway/faults.ts';
import { Gateway } from './gateway/gateway.ts';
import { type HttpServerOptions, startHttpServer } from './gateway/http-server.ts';
import { Meter } from './gateway/meter.ts';
import { Pipeline } from './gateway/pipeline.ts';
import { loadWireServices } from './gateway/wire-services.ts';
import { createMetricStore } from './services/cloudwatch/store.ts';
import { createServices } from './services.ts';

export interface LabOptions {
  /** 0: any free port. */
  readonly port: number;
  /** How many of the lab's seconds pass in one of the wall. */
  readonly timeScale: number;
  /** False under `--latency none`. */
  readonly delays: boolean;
  readonly asAwsIs: boolean;
  readonly seed: string;
  readonly account: string;
  readonly region: string;
  readonly quotas: Numbers;
  readonly latency: Numbers;
  /** Loaded in this order. */
  readonly stacks: readonly StackSource[];
  /** The lab's time at the start; default: the wall's. */
  readonly startMs?: number;
  /** Told of what handlers did to the lab, such as a loop that cost a function host. */
  readonly onIncident?: (text: string) => void;
  /** Told of defects of the lab, which its callers see as a 500. */
  readonly onDefect?: (thrown: unknown, operation: string) => void;
}

export interface RunningLab {
  readonly endpoint: string;
  readonly account: string;
  readonly region: string;
  /** Names and URLs of the front doors that are open now. */
  readonly frontDoors: () => Record<string, string>;
  readonly context: LabContext;
  /** Creates what a template describes. */
  loadStack(source: StackSource): Promise<void>;
  /** What calls have consumed so far. */
  readonly meter: Meter;
  /** Stops the services and closes the port with every connection. */
  stop(): Promise<void>;
}

/**
 * Starts an embedded AWS on loopback and loads `stacks` into it.
 * @throws ProofloadError when the port is in use, or a template cannot be loaded; nothing is left running then.
 */
export async function startLab(options: LabOptions): Promise<RunningLab> {
  const { account, region } = options;
  const clock = scaledClock(options.timeScale, ...(options.startMs === undefined ? [] : [options.startMs]));
  const wall = fineClock();
  const metrics = createMetricStore(clock);
  const rng = seededRng(options.seed);
  const meter = new Meter();
  const gateway = await createGateway(options, wall, rng, meter, metrics);
  const at = { port: options.port };
  const context = createContext(options, { clock, wall }, rng, metrics, meter, gateway, () => `http://127.0.0.1:${at.port}`);
  const services = createServices(context, metrics, options.onIncident ?? (() => undefined));
  for (const service of services.all) gateway.add(service);
  const server = await startHttpServer(serverOptions(options, context, services.all, meter));
  at.port = server.port;
  const stopLoad = publishEventLoopLoad(clock, metrics);
  for (const service of services.all) service.start?.();
  const stop = async (): Promise<void> => {
    stopLoad();
    await server.close();
    for (const service of [...services.all].reverse()) await service.stop?.();
  };
  try {
    for (const stack of options.stacks) await services.loadStack(stack);
  } catch (thrown) {
    await stop();
    throw thrown;
  }
  return {
    endpoint: context.endpoint(),
    account,
    region,
    frontDoors: () => doorUrls(services.all),
    context,
    loadStack: services.loadStack,
    meter,
    stop,
  };
}

async function createGateway(options: LabOptions, wall: Clock, rng: Rng, meter: Meter, metrics: MetricSink): Promise<Gateway> {
  const pipeline = new Pipeline({
    faults: faultDeciders,
    delays: options.delays ? new Delays(wall) : undefined,
    serviceTimes: new ServiceTimes(options.latency, rng.fork('service-times')),
    meter,
    metrics,
  });
  const wires = await loadWireServices();
  return new Gateway({ pipeline, wires, rng: rng.fork('request-ids'), onDefect: options.onDefect ?? (() => undefined) });
}

function createContext(
  options: LabOptions,
  { clock, wall }: Pick<LabContext, 'clock' | 'wall'>,
  rng: Rng,
  metrics: MetricSink,
  meter: Meter,
  gateway: Gateway,
  endpoint: () => string,
): LabContext {
  const { account, region, quotas, latency, delays, asAwsIs } = options;
  return {
    account,
    region,
    clock,
    wall,
    rng,
    quotas,
    latency,
    delays,
    asAwsIs,
    metrics,
    meter: (usages) => meter.add(usages),
    endpoint,
    call: <Output>(...args: Parameters<LabContext['call']>) => gateway.call(...args) as Promise<Output>,
    wire: (request) => gateway.wire(request),
    arn: (service, resource) => `arn:aws:${service}:${region}:${account}:${resource}`,
  };
}

function serverOptions(options: LabOptions, context: LabContext, services: readonly LabService[], meter: Meter): HttpServerOptions {
  const { account, region, timeScale } = options;
  return {
    port: options.port,
    idleConnectionMs: options.latency.number('http.idle-connection-sec') * 1000,
    maxBodyBytes: options.quotas.number('http.max-request-bytes'),
    wire: context.wire,
    doors: openDoors(services, meter, context.metrics),
    describe: () => ({
      account,
      region,
      frontDoors: doorUrls(services),
      timeScale,
      nowMs: context.clock.now(),
      pid: process.pid,
      numbers: usedNumbers(options),
    }),
  };
}

function doorUrls(services: readonly LabService[]): Record<string, string> {
  return Object.assign({}, ...services.map(({ frontDoors }) => frontDoors?.list() ?? {}));
}

/** The numbers that the lab has reckoned with so far: a verdict in the lab names them. */
function usedNumbers({ quotas, latency }: LabOptions) {
  return [...quotas.used(), ...latency.used()].map(({ key, entry }) => ({ key, status: entry.status, value: entry.value }));
}
