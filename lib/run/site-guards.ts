import { addStopConditions, firstInAlarm, periodsOver, publishGuards, raiseAlarms, valuesFirstMs } from '../chaos/guard-alarms.ts';
import type { UndoEntry } from '../chaos/types.ts';
import { messageOf, ProofloadError } from '../core/errors.ts';
import { readTemplate } from '../template/index.ts';
import type { Guard } from './exercise.ts';
import { siteGuard } from './guard-watch.ts';
import { guardSecond } from './guards.ts';
import type { PlannedFault } from './plan.ts';
import type { Session } from './session.ts';

/** How often the guards' values are sent, the site's time: twice in each period of their alarms. */
const everyMs = 5_000;
/** How long, on the wall's clock, this process may be busy with something else before its silence counts as its death. */
const patienceSec = 6;

/**
 * The guards of a run on its site: metrics that the run sends while it goes, and alarms on them that are stop conditions of its experiments. So a run that
 * dies, or cannot stop a fault itself, is stopped by AWS. Without faults there is nothing to stop, and nothing is sent.
 */
export class SiteGuards {
  readonly #session: Omit<Session, 'siteGuards'>;
  readonly #over = new AbortController();
  #alarms: readonly string[] = [];
  #requests = 0;

  constructor(session: Omit<Session, 'siteGuards'>) {
    this.#session = session;
  }

  /** Sends values from now until `end`, and makes the alarms on them once there are enough. */
  async raise(): Promise<void> {
    const { loaded, prepared, chaos, undo, site, interruption } = this.#session;
    const guards = (loaded.exercise.guards ?? []).map(siteGuard);
    if (guards.length === 0 || prepared.faults.length === 0 || this.#alarms.length > 0) return;
    await this.#send();
    void this.#keepSending();
    await site.clock.sleep(valuesFirstMs, interruption.signal);
    const periods = periodsOver(patienceSec * site.timeScale);
    this.#alarms = await raiseAlarms(guards, periods, chaos, (entry) => undo.add(undefined, entry));
  }

  /** Names of the alarms that were made. */
  get alarms(): readonly string[] {
    return this.#alarms;
  }

  /** Makes the alarms stop conditions of what `start` starts from the experiment template. */
  async during<T>(templateId: string, start: () => Promise<T>): Promise<T> {
    if (this.#alarms.length === 0) return start();
    const { chaos, undo } = this.#session;
    let entry: UndoEntry | undefined;
    try {
      await addStopConditions(templateId, this.#alarms, chaos, (registered) => {
        entry = registered;
        undo.add(undefined, registered);
      });
      return await start();
    } finally {
      if (entry) await undo.undoOne(entry, chaos);
    }
  }

  /** Which alarm of the run an experiment was stopped for, as far as the site still tells. */
  async stoppedBy(): Promise<{ detail: string; breachedMs: number } | undefined> {
    const { chaos, prepared, loaded } = this.#session;
    const alarm = await firstInAlarm([...this.#alarms, ...prepared.alarms], chaos.clients).catch(() => undefined);
    if (!alarm) return undefined;
    const guard = (loaded.exercise.guards ?? [])[this.#alarms.indexOf(alarm.name)];
    const of = guard ? `, the guard on ${siteGuard(guard).name} above ${guard.above}` : '';
    return { detail: `alarm ${alarm.name}${of}, went off first`, breachedMs: alarm.sinceMs };
  }

  /** Sends nothing any more; call it when the alarms are gone. */
  end(): void {
    if (this.#over.signal.aborted) return;
    this.#over.abort();
    if (this.#requests > 0) this.#session.journal.add({ kind: 'guards-published', guards: this.#alarms.length, requests: this.#requests });
  }

  async #send(): Promise<void> {
    const { chaos, guards } = this.#session;
    if (await publishGuards(chaos.clients, chaos.runId, guards.readings(guardSecond()))) this.#requests++;
  }

  async #keepSending(): Promise<void> {
    const { journal, site } = this.#session;
    let warned = false;
    for (;;) {
      await site.clock.sleep(everyMs, this.#over.signal).catch(() => undefined);
      if (this.#over.signal.aborted) return;
      await this.#send().catch((thrown: unknown) => {
        if (warned) return;
        warned = true;
        const message = `the guards' values could not be sent: ${messageOf(thrown)}`;
        const advice = 'their alarms take missing values for a breach and stop the faults; check cloudwatch:PutMetricData';
        journal.warn({ code: 'guards-unpublished', message, advice, invalidates: false });
      });
    }
  }
}

/**
 * Refuses more guards than the experiments of the exercise have room for as stop conditions.
 * @throws ProofloadError `bad-guard`
 */
export function refuseTooManyGuards(
  guards: readonly Guard[],
  faults: readonly Pick<PlannedFault, 'name' | 'file'>[],
  most: number,
  where: string,
): void {
  for (const { name, file } of faults) {
    const experiments = Object.values(readTemplate(file).resources).filter(({ type }) => type === 'AWS::FIS::ExperimentTemplate');
    const own = Math.max(0, ...experiments.map(({ properties }) => stopAlarms(properties['StopConditions'])));
    if (guards.length <= most - own) continue;
    throw new ProofloadError('bad-guard', `${where}: guards: ${guards.length} are more than FIS takes beside the stop conditions of ${name}`, {
      hint: `an experiment template has at most ${most} stop conditions, ${own} of them its own: keep ${Math.max(0, most - own)} guards`,
    });
  }
}

function stopAlarms(conditions: unknown): number {
  return Array.isArray(conditions) ? conditions.filter((each: { Source?: unknown }) => each.Source !== 'none').length : 0;
}
