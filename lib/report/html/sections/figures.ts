import type { Assessment, Figure, Integrity, InvariantFigures, PhaseFigures } from '../../../grade/types.ts';
import { figureText } from '../../format.ts';
import { totalCostCell, transactionsName, transactionText } from '../../tables/cost.ts';
import { arrivalTable, operationTable, phaseTable, throttleTotal } from '../../tables/phases.ts';
import { type Cell, tableNotes } from '../../tables/table.ts';
import { phaseWords, plural, provenance } from '../../words.ts';
import { html, type Markup } from '../markup.ts';
import { folded, section, tableMarkup, toned } from '../parts.ts';

/** What a meeting asks first, as tiles, and the key figures by phase. */
export function figuresSection(assessment: Assessment): Markup {
  if (assessment.phases.length === 0) return section('figures', 'Key figures', html`<p>No phase was run.</p>`);
  const operations = tableMarkup(operationTable(assessment));
  return section(
    'figures',
    'Key figures',
    html`<div class="tiles">${tiles(assessment)}</div>\n`,
    tableMarkup(phaseTable(assessment)),
    operations && folded('By operation', operations),
    folded('Arrivals: did flows start when they were meant to?', tableMarkup(arrivalTable(assessment))),
  );
}

function tiles(assessment: Assessment): Markup[] {
  const { cost } = assessment;
  const phases = assessment.phases.filter(({ phase }) => phase !== 'warm-up');
  const recoveries = assessment.faults.map(({ timeToRecoverSec }) => timeToRecoverSec);
  const perThousand = totalCostCell(cost, 'perThousandUsd');
  return [
    phaseTile('Latency p99', phases, ({ latency }) => figureCell(latency.p99)),
    phaseTile('Error rate', phases, ({ errorRate }) => figureCell(errorRate)),
    phaseTile('Throttles', phases, (phase) => throttleTotal(phase, tableNotes())),
    ...(assessment.integrity ? [integrityTile(assessment.integrity)] : []),
    ...(recoveries[0] ? [recoveryTile(longest(recoveries))] : []),
    tile(`Cost per 1,000 ${transactionsName(cost)}`, perThousand, `${totalCostCell(cost, 'totalUsd').text} for the run, ${transactionText(cost)}`),
  ];
}

function phaseTile(label: string, phases: readonly PhaseFigures[], cellOf: (phase: PhaseFigures) => Cell): Markup {
  const steps = phases.map((phase) => html`<div><dt>${phaseWords[phase.phase]}</dt><dd>${short(cellOf(phase))}</dd></div>`);
  return html`<div class="tile tile-phases"><h3>${label}</h3><dl>${steps}</dl></div>`;
}

function tile(label: string, cell: Cell, under: string): Markup {
  return html`<div class="tile"><h3>${label}</h3><p class="big">${short(cell)}</p><p class="under">${under}</p></div>`;
}

function recoveryTile(recovery: Figure): Markup {
  return tile('Time to recover', figureCell(recovery), recovery.state === 'no-data' ? recovery.reason : 'after the end of the effect');
}

function integrityTile({ invariants }: Integrity): Markup {
  const countOf = (state: InvariantFigures['state']): number => invariants.filter((each) => each.state === state).length;
  const violations = invariants.reduce((sum, each) => sum + each.violations, 0);
  const [violated, open] = [countOf('violated'), countOf('no-data')];
  const counts = [
    [countOf('holds'), 'hold'],
    [violated, 'violated'],
    [open, 'not checked'],
  ] as const;
  const under = counts.flatMap(([count, words]) => (count > 0 ? [`${count} ${words}`] : [])).join(', ');
  if (violated > 0) return tile('Integrity', { text: plural(violations, 'violation'), tone: 'bad' }, `invariants: ${under}`);
  return tile('Integrity', open > 0 ? { text: 'not known', tone: 'muted' } : { text: 'no violation' }, `invariants: ${under}`);
}

/** A tile has no room for reasons; the tooltip and the table below have them. */
function short(cell: Cell): Markup {
  return toned(cell.text.startsWith('no data') ? 'no data' : cell.text, cell.tone, cell.note ?? cell.text);
}

function figureCell(figure: Figure): Cell {
  return { text: figureText(figure), note: provenance(figure), ...(figure.state === 'no-data' ? { tone: 'muted' as const } : {}) };
}

/** Of several faults, the slowest recovery; one that is unknown counts as slowest. */
function longest(recoveries: readonly Figure[]): Figure {
  const [first, ...others] = recoveries as readonly [Figure, ...Figure[]];
  return others.reduce((slowest, each) => {
    if (slowest.state === 'no-data') return slowest;
    return each.state === 'no-data' || each.value > slowest.value ? each : slowest;
  }, first);
}
