import { dateTimeText, durationText } from '../../core/time-format.ts';
import type { Assessment } from '../../grade/types.ts';
import { plural } from '../words.ts';

/** What the run was made with, as label and text: site, seed, versions, numbers. */
export function runFacts(assessment: Assessment): [string, string][] {
  const { manifest } = assessment;
  const { site } = manifest;
  const statuses = ['documented', 'measured', 'assumed'] as const;
  const numbers = statuses.map((status) => `${manifest.numbers.filter((number) => number.status === status).length} ${status}`);
  return [
    ['Run', manifest.runId],
    ['Started', dateTimeText(manifest.startedMs)],
    ...(runLengthMs(assessment) > 0 ? [['Phases', `${durationText(runLengthMs(assessment))} in all`] satisfies [string, string]] : []),
    manifest.imported
      ? ['Imported from', `${manifest.imported.format}, ${manifest.imported.file}`]
      : ['Site', `${site.name} (${site.kind}), account ${site.account}, region ${site.region}${site.quotas ? `, quotas of ${site.quotas}` : ''}`],
    ['Clock', manifest.timeScale === 1 ? "the wall's" : `${manifest.timeScale} times as fast as the wall's`],
    ['Seed', manifest.seed],
    ...manifest.flows.map((flow): [string, string] => [
      `Flow ${flow.name}`,
      `${plural(flow.plannedArrivals, 'planned start')}, at most ${flow.peakRatePerSec}/s`,
    ]),
    ...(manifest.numbers.length > 0 ? [['Numbers of config/', numbers.join(', ')] satisfies [string, string]] : []),
    ...Object.entries(manifest.versions).map(([name, version]): [string, string] => [`Version of ${name}`, version]),
  ];
}

/** From the first phase's start to the last one's end; 0 when no phase was run. */
export function runLengthMs({ phaseWindows }: Assessment): number {
  const first = phaseWindows[0];
  const last = phaseWindows.at(-1);
  return first && last ? last.endMs - first.startMs : 0;
}
