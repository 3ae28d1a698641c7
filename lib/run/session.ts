import type { ChaosContext } from '../chaos/types.ts';
import type { RecordWriter } from '../record/writer.ts';
import type { Site } from '../sites/site.ts';
import type { K6Binary } from '../traffic/k6/probe.ts';
import type { GuardWatch } from './guard-watch.ts';
import type { Interruption } from './interruption.ts';
import type { Journal } from './journal.ts';
import type { LiveTraffic } from './live.ts';
import type { LoadedExercise } from './load.ts';
import type { Plan } from './plan.ts';
import type { Prepared } from './prepare.ts';
import type { RunProgress } from './progress.ts';
import type { SiteGuards } from './site-guards.ts';
import type { UndoList } from './undo-all.ts';

/** One run on its way: what the parts of it share. */
export interface Session {
  readonly runId: string;
  readonly cwd: string;
  /** `reports/<run-id>` */
  readonly folder: string;
  readonly seed: string;
  /** The lab was asked to show AWS's lateness and gaps. */
  readonly asAwsIs: boolean;
  /** Environment of this process, for the generators. */
  readonly processEnv: Readonly<Record<string, string | undefined>>;
  readonly loaded: LoadedExercise;
  readonly plan: Plan;
  readonly site: Site;
  readonly prepared: Prepared;
  readonly k6: K6Binary;
  readonly writer: RecordWriter;
  readonly journal: Journal;
  readonly chaos: ChaosContext;
  readonly undo: UndoList;
  readonly interruption: Interruption;
  readonly live: LiveTraffic;
  readonly guards: GuardWatch;
  /** The same guards on the site, where they hold without this process. */
  readonly siteGuards: SiteGuards;
  readonly progress: RunProgress;
}
