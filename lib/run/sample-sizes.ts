import { messageOf } from '../core/errors.ts';
import { defaultComparison } from '../grade/compare/compare.ts';
import { type ObjectiveSize, objectiveSizes, type PilotRun, pilotOf } from '../grade/compare/sizes.ts';
import type { RecordStore, StoredRun } from '../record/history/store.ts';
import { openRecord } from '../record/reader.ts';
import type { Plan } from './plan.ts';

/** What the objectives of a plan get and need, and on what that rests. */
export interface SampleSizes {
  readonly rests: string;
  readonly objectives: readonly ObjectiveSize[];
}

/** Where no run tells how figures vary; the law is in docs/models/statistics.md. */
const assumed = 'how latencies usually vary (assumed)';

/** By the first of `runs` that has samples of its own, on the wall's clock; by what is assumed where none has. @throws ProofloadError where that run's record cannot be read */
export async function sampleSizes(plan: Pick<Plan, 'objectives' | 'gate' | 'samples'>, runs: readonly StoredRun[]): Promise<SampleSizes> {
  const found = runs.find(({ manifest }) => manifest.timeScale === 1 && manifest.imported?.holds !== 'figures');
  const pilot: PilotRun | undefined = found ? pilotOf(openRecord(await found.open())) : undefined;
  const settings = { ...defaultComparison, ...plan.gate };
  return {
    rests: pilot ? `how figures varied in run ${pilot.runId}` : assumed,
    objectives: objectiveSizes(plan.objectives.objectives, plan.samples, settings, pilot),
  };
}

/** The same from the newest runs of the exercise that the store has; a store that cannot be read only leaves the plan without them. */
export async function sampleSizesFrom(
  store: RecordStore,
  plan: Pick<Plan, 'objectives' | 'gate' | 'samples' | 'exercise' | 'setting'>,
): Promise<SampleSizes> {
  try {
    const { runs } = await store.list(plan.exercise);
    const graded = runs.filter(
      ({ manifest, summary }) => manifest.setting === plan.setting && summary !== undefined && summary.verdict !== 'invalid',
    );
    return await sampleSizes(plan, graded);
  } catch (thrown) {
    const { objectives } = await sampleSizes(plan, []);
    return { rests: `${assumed}, for no run could be read: ${messageOf(thrown)}`, objectives };
  }
}
