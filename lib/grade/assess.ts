import type { Numbers } from '../core/numbers.ts';
import type { RunRecord } from '../record/reader.ts';
import type { Warning } from '../record/types.ts';
import { arrivalFigures } from './arrivals.ts';
import { balance } from './books.ts';
import { chartsOf } from './charts.ts';
import { type PhaseTally, tallyClients } from './clients.ts';
import { comparesWithEarlier, earlierValues } from './compare/earlier.ts';
import { costFigures } from './cost/cost.ts';
import { deviations } from './deviations.ts';
import { gradedFaults } from './faults.ts';
import { errorRateFigure, latencyFigures, noData, value } from './figure.ts';
import { gradesOf } from './grades.ts';
import { heatMapOf } from './heat-map.ts';
import { importedCharts, importedPhase } from './imported.ts';
import { integrityFindings, integrityOf } from './integrity.ts';
import { validateObjectives } from './objectives.ts';
import { type GradedPhase, gradedPhases, transitionMinutes } from './phases.ts';
import { judge, outcomeOf, scoreOf } from './score.ts';
import { throttleFigures } from './throttles.ts';
import { timelineOf } from './timeline.ts';
import type { Assessment, OperationFigures, PhaseFigures } from './types.ts';
import { judgement, scopeOf } from './verdict.ts';
import { courseWarnings } from './warnings/course.ts';
import { evidenceWarnings } from './warnings/evidence.ts';
import { failedArrivals, generatorWarnings } from './warnings/generator.ts';
import { labWarnings } from './warnings/lab.ts';

/**
 * Grades a run: everything that a report shows, from the record alone, so that it can be derived again offline.
 * @param prices price list of the run's region; default: the one in the record. With neither, the cost is no-data.
 */
export function assess(record: RunRecord, prices: Numbers | undefined = record.prices): Assessment {
  const { manifest } = record;
  const phases = gradedPhases(record);
  const windows = phases.map(({ window }) => window);
  const clients = tallyClients(record, windows);
  const arrivals = arrivalFigures(record, windows);
  const { imported } = record;
  const figures = phases.map((phase, index) =>
    imported ? importedPhase(phase, imported, manifest) : phaseFigures(record, phase, clients.phases[index], arrivals[index]),
  );
  const faults = gradedFaults(record, clients.phases[phases.findIndex(({ kind }) => kind === 'baseline')]);
  const cost = costFigures(record, prices, clients.succeeded.get(manifest.businessTransaction.operation) ?? 0);
  const books = balance(record, clients);
  const objectives = validateObjectives(manifest.objectives, 'objectives of the record');
  const integrity = integrityOf(record);
  const earlier = earlierValues(record.references, objectives.comparison);
  const results = judge(objectives, { phases: figures, faults, cost, ...(integrity ? { integrity } : {}) }, earlier);
  const score = scoreOf(results);
  const heatMap = heatMapOf(clients.bins);
  const warnings = [
    ...courseWarnings(
      record,
      faults.map((each) => each.figures),
    ),
    ...generatorWarnings(record, figures),
    ...labWarnings(record, figures),
    ...books.warnings,
    ...record.journal.flatMap((event) => (event.kind === 'warning' ? [event.warning] : [])),
    ...evidenceWarnings(record, figures),
    ...record.problems,
    ...(comparesWithEarlier(objectives) && record.references.length === 0 ? [nothingToCompare] : []),
  ];
  return {
    manifest,
    ...judgement(record, warnings, results, outcomeOf(results, objectives.totalScore), score, {
      failed: failedArrivals(figures),
      unknown: books.unproven,
      integrity: integrityFindings(integrity),
    }),
    scope: scopeOf(manifest),
    score,
    phases: figures,
    phaseWindows: phases.map(({ asRun }) => asRun),
    grades: gradesOf(results, integrity),
    objectives: results,
    ...(comparesWithEarlier(objectives) ? { comparedWith: record.references.map(({ runId }) => runId) } : {}),
    ...(integrity ? { integrity } : {}),
    faults: faults.map((each) => each.figures),
    cost,
    books: books.lines,
    charts: imported ? importedCharts(imported) : chartsOf(record, clients),
    ...(heatMap ? { heatMap } : {}),
    transitionMinutes: transitionMinutes(record),
    timeline: timelineOf(
      record.journal,
      faults.flatMap(({ figures: { windows } }) => deviations(record, objectives.objectives, windows.effect)),
    ),
    warnings,
    resources: record.resources,
  };
}

const nothingToCompare: Warning = {
  code: 'nothing-to-compare',
  message: 'no earlier run to compare with: criteria that are relative to earlier runs are met by rule',
  advice: 'the next run of this exercise, on the same site and with the same settings, is compared with this one',
  invalidates: false,
};

function phaseFigures(
  record: RunRecord,
  phase: GradedPhase,
  clients: PhaseTally | undefined,
  arrivals: PhaseFigures['arrivals'] | undefined,
): PhaseFigures {
  if (!clients || !arrivals) throw new Error(`no tally of the ${phase.kind} phase`);
  const seconds = (phase.window.endMs - phase.window.startMs) / 1000;
  const { count, failed, latencyUs } = clients.all;
  return {
    phase: phase.kind,
    window: phase.window,
    gradedMinutes: phase.minutes,
    graded: phase.graded,
    requests: count,
    ratePerSec: seconds > 0 ? value(count / seconds, 'requests/s', 'client', 1, count) : noData('requests/s', 'the phase lasted no whole second'),
    errorRate: errorRateFigure(count, failed),
    latency: latencyFigures(latencyUs),
    operations: operationFigures(clients),
    errors: [...clients.errors.values()].sort((a, b) => b.count - a.count),
    throttles: throttleFigures(record, phase, clients),
    arrivals,
  };
}

function operationFigures({ byOperation }: PhaseTally): OperationFigures[] {
  const sorted = [...byOperation].sort(([a], [b]) => a.localeCompare(b, 'en'));
  return sorted.map(([operation, { count, failed, latencyUs }]) => ({
    operation,
    requests: count,
    errorRate: errorRateFigure(count, failed),
    latency: latencyFigures(latencyUs),
  }));
}
