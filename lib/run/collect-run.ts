import { collectMetrics } from '../collect/collect.ts';
import { readExcess } from '../collect/excess.ts';
import { latenessMs, readMetricCatalogue } from '../collect/metric-catalogue.ts';
import { collectResources } from '../collect/resources.ts';
import type { CollectProgress } from '../collect/settle.ts';
import { messageOf } from '../core/errors.ts';
import type { CollectedMetric, ResourceConfiguration, Warning } from '../record/types.ts';
import { readTemplate } from '../template/index.ts';
import { callersOf } from './callers.ts';
import { refusalAdvice } from './end-reason.ts';
import { checkInvariants, untilQuiet } from './integrity.ts';
import { manifestOf } from './manifest.ts';
import { withApiNames } from './rest-api-names.ts';
import type { Session } from './session.ts';

const minuteMs = 60_000;
/**
 * How far apart two reads of CloudWatch must agree, and how long that is tried, in the site's time. AWS's points arrive
 * minutes late (docs/models/cloudwatch.md), and two reads can agree on what has not come yet; an emulator on this machine
 * has them at once, unless it plays AWS.
 */
const patience = { late: { settleMs: 30_000, deadlineMs: 20 * minuteMs }, prompt: { settleMs: 3_000, deadlineMs: minuteMs } };
/** How long after the last answer a system counts as quiet when every request was answered in order. Site's time. */
const quietMs = 1_000;

/**
 * Waits until the system is quiet, checks its invariants, and reads what CloudWatch and the services say of the run, into the record. What one of them
 * cannot read does not keep the others from theirs.
 */
export async function collectRun(session: Session): Promise<void> {
  const { interruption, progress, writer } = session;
  if (interruption.reason?.kind === 'site-gone') return;
  progress.stage('drain');
  const resources = await collected(session, 'the configuration of the system', () => describeSystem(session));
  await drain(session, resources ?? []);
  await checkInvariants(session);
  if (!resources) return;
  progress.stage('collect');
  await collected(session, 'the evidence', async () => {
    await readMetrics(session, resources);
    writer.manifest({ ...(await manifestOf(session)), startedMs: startOf(session) });
  });
}

/** What `work` collects; undefined, with a warning, where it fails. */
async function collected<T>({ journal }: Session, what: string, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (thrown) {
    const message = `${what} could not be collected: ${messageOf(thrown)}`;
    const advice = `what the clients saw is recorded; ${refusalAdvice(`${(thrown as Error | undefined)?.name}`)}`;
    journal.warn({ code: 'collection-failed', message, advice, invalidates: true });
    return undefined;
  }
}

async function describeSystem({ site, loaded, prepared, writer }: Session): Promise<ResourceConfiguration[]> {
  const template = readTemplate(loaded.systemTemplate);
  const callers = callersOf(template);
  const described = (await collectResources(site.clients, prepared.stack)).map((each) => withCallers(each, callers));
  const resources = withApiNames(described, template, prepared.stack.name);
  writer.resources(resources);
  return resources;
}

function withCallers(resource: ResourceConfiguration, callers: ReadonlyMap<string, readonly string[]>): ResourceConfiguration {
  const invokedBy = callers.get(resource.logicalId);
  return invokedBy ? { ...resource, invokedBy } : resource;
}

function startOf({ journal, site }: Session): number {
  return journal.events[0]?.at ?? site.clock.now();
}

/**
 * A function that a client gave up on runs on until its time-out: where the last seconds saw unanswered requests, the
 * longest time-out is waited for. An exercise that knows its system better says itself when nothing is open any more.
 */
async function drain(session: Session, resources: readonly ResourceConfiguration[]): Promise<void> {
  const { site, live, journal, interruption } = session;
  const startedMs = site.clock.now();
  const timeoutsSec = resources.map(({ configuration }) => Number(configuration['Timeout'] ?? 0));
  const waitMs = live.failedLately ? Math.max(quietMs, ...timeoutsSec.map((sec) => sec * 1_000 * site.timeScale)) : quietMs;
  if (!interruption.hurry.aborted) await site.clock.sleep(waitMs, interruption.hurry).catch(() => undefined);
  const quietness = await untilQuiet(session);
  journal.add({ kind: 'drained', waitedMs: site.clock.now() - startedMs, ...quietness });
}

async function readMetrics(session: Session, resources: readonly ResourceConfiguration[]): Promise<void> {
  const { site, writer, journal, progress, asAwsIs, interruption } = session;
  const startMs = Math.floor(startOf(session) / minuteMs) * minuteMs;
  const endMs = Math.ceil(site.clock.now() / minuteMs) * minuteMs;
  const prompt = site.loopback && !asAwsIs;
  // A run that a person stopped reads once and reports: nobody waits for AWS's lateness after Ctrl-C.
  const hurried = interruption.hurry.aborted;
  const { settleMs, deadlineMs } = hurried ? { ...patience.prompt, deadlineMs: 0 } : prompt ? patience.prompt : patience.late;
  const lateMs = prompt || hurried ? 0 : latenessMs(readMetricCatalogue());
  const request = {
    cloudwatch: site.clients.cloudwatch,
    startMs,
    clock: site.clock,
    deadlineMs: site.clock.now() + deadlineMs,
    settleMs,
    lateMs,
    onProgress: ({ reads, settled, series }: CollectProgress) => progress.busy(`CloudWatch, read ${reads}: ${settled} of ${series} series agree`),
    onWarning: (warning: Warning) => journal.warn(warning),
  };
  const metrics = await readAll({ ...request, ...(hurried ? {} : { signal: interruption.hurry }) }, resources, endMs).catch((thrown: unknown) => {
    if (hurried || !interruption.hurry.aborted) throw thrown;
    return undefined;
  });
  if (!metrics) return readMetrics(session, resources);
  writer.metrics(metrics);
  const complete = metrics.every((metric) => metric.complete);
  journal.add({
    kind: 'collected',
    series: metrics.length,
    complete,
    detail: complete ? 'two reads agreed' : 'the deadline passed before two reads agreed',
  });
}

type ReadRequest = Omit<Parameters<typeof collectMetrics>[0], 'resources' | 'endMs'>;

async function readAll(request: ReadRequest, resources: readonly ResourceConfiguration[], endMs: number): Promise<CollectedMetric[]> {
  const system = await collectMetrics({ ...request, resources, endMs });
  // The reading itself keeps an emulator busy: of its load only the minutes that are over can settle.
  const load = await readExcess({ ...request, endMs: Math.max(request.startMs + minuteMs, endMs - minuteMs) });
  return [...system, ...load];
}
