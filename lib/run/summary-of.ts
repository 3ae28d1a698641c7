import type { StoredRun } from '../record/history/store.ts';
import type { RunSummary } from '../record/history/summary.ts';
import { summarise } from '../report/summary.ts';
import { writeReport } from './write-report.ts';

/** The summary of a stored run; one without, or of another version's, is graded again. */
export async function summaryOf(run: StoredRun): Promise<RunSummary> {
  return run.summary ?? summarise(writeReport(await run.open()));
}
