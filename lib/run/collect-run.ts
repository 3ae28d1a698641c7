import { collectMetrics } from '../collect/collect.ts';
import { collectResources } from '../collect/resources.ts';
import { messageOf } from '../core/errors.ts';
import type { ResourceConfiguration } from '../record/types.ts';
import { manifestOf } from './manifest.ts';
import type { Session } from './session.ts';

const minuteMs = 60_000;
/** How long CloudWatch is read again until two reads agree, at most; AWS/Lambda's points arrive late. Site's time. */
const collectDeadlineMs = 10 * minuteMs;
/** How long after the last answer a system counts as quiet when every request was answered in order. Site's time. */
const quietMs = 1_000;

/** Waits until the system is quiet and reads what CloudWatch and the services say of the run, into the record. */
export async function collectRun(session: Session): Promise<void> {
  const { site, interruption, progress, writer, journal, prepared } = session;
  if (interruption.reason?.kind === 'site-gone') return;
  try {
    progress.stage('drain');
    const resources = await collectResources(site.clients, prepared.stack);
    writer.resources(resources);
    await drain(session, resources);
    progress.stage('collect');
    await readMetrics(session, resources);
    writer.manifest({ ...(await manifestOf(session)), startedMs: startOf(session) });
  } catch (thrown) {
    const message = `the evidence could not be collected: ${messageOf(thrown)}`;
    journal.warn({
      code: 'collection-failed',
      message,
      advice: "what the clients saw is recorded; check the site's permissions for CloudWatch",
      invalidates: true,
    });
  }
}

function startOf({ journal, site }: Session): number {
  return journal.events[0]?.at ?? site.clock.now();
}

/**
 * A function that a client gave up on runs on until its time-out: where the last seconds saw unanswered requests, the
 * longest time-out is waited for.
 */
async function drain({ site, live, journal, interruption }: Session, resources: readonly ResourceConfiguration[]): Promise<void> {
  const startedMs = site.clock.now();
  const timeoutsSec = resources.map(({ configuration }) => Number(configuration['timeoutSec'] ?? 0));
  const waitMs = live.failedLately ? Math.max(quietMs, ...timeoutsSec.map((sec) => sec * 1_000 * site.timeScale)) : quietMs;
  if (!interruption.signal.aborted) await site.clock.sleep(waitMs, interruption.signal).catch(() => undefined);
  const waitedMs = site.clock.now() - startedMs;
  journal.add({ kind: 'drained', waitedMs, quiet: waitedMs >= waitMs });
}

async function readMetrics(session: Session, resources: readonly ResourceConfiguration[]): Promise<void> {
  const { site, writer, journal, progress } = session;
  const startMs = Math.floor(startOf(session) / minuteMs) * minuteMs;
  const endMs = Math.ceil(site.clock.now() / minuteMs) * minuteMs;
  const metrics = await collectMetrics({
    cloudwatch: site.clients.cloudwatch,
    resources,
    startMs,
    endMs,
    clock: site.clock,
    deadlineMs: collectDeadlineMs,
    onProgress: (activity) => progress.busy(activity),
  });
  writer.metrics(metrics);
  const complete = metrics.every((metric) => metric.complete);
  journal.add({
    kind: 'collected',
    series: metrics.length,
    complete,
    detail: complete ? 'two reads agreed' : 'the deadline passed before two reads agreed',
  });
}
