import { durationText } from '../../core/time-format.ts';
import type { Integrity, InvariantFigures } from '../../grade/types.ts';
import { countText } from '../format.ts';
import { invariantWords } from '../words.ts';
import { type Cell, type Table, textCell } from './table.ts';

/** How many violations of one invariant a report shows; the rest is counted. */
const violationsShown = 10;

/** Every invariant with what was looked at and what did not hold. */
export function invariantTable({ invariants, drained }: Integrity): Table {
  return {
    caption: "Invariants: what must hold of the system's own data",
    columns: [
      { label: 'Invariant', align: 'left' },
      { label: 'Result', align: 'left' },
      { label: 'Checked', align: 'right' },
      { label: 'Violations', align: 'right' },
      { label: 'What must hold', align: 'left', rank: 1 },
    ],
    rows: invariants.map((each) => {
      const { label, sign, tone } = invariantWords[each.state];
      const known = each.state !== 'no-data';
      return [
        textCell(each.name),
        textCell(`${sign} ${label}`, tone),
        known ? textCell(countText(each.checked)) : textCell('–', 'muted'),
        known ? textCell(countText(each.violations), each.violations > 0 ? 'bad' : undefined) : textCell('–', 'muted'),
        textCell(each.holds),
      ];
    }),
    footnotes: [
      ...invariants.flatMap(({ name, state, reason }) => (state === 'no-data' ? [`${name}: not checked: ${reason ?? 'nobody says why'}.`] : [])),
      drainText(drained),
    ],
  };
}

/** The first violations of each invariant by id, and how many more there are. */
export function violationTable({ invariants }: Integrity): Table {
  return {
    caption: 'Violations',
    columns: [
      { label: 'Violation of', align: 'left' },
      { label: 'Id', align: 'left' },
      { label: 'Detail', align: 'left' },
    ],
    rows: invariants.flatMap(violationRows),
    footnotes: [],
  };
}

function violationRows({ name, violations, examples }: InvariantFigures): Cell[][] {
  const shown = examples.slice(0, violationsShown).map(({ id, detail }) => [textCell(id, 'bad'), textCell(detail)]);
  const more = violations - shown.length;
  if (more > 0) shown.push([textCell(`and ${countText(more)} more`), textCell('')]);
  return shown.map((cells, index) => [textCell(index === 0 ? name : ''), ...cells]);
}

function drainText(drained: Integrity['drained']): string {
  if (!drained) return 'The run ended before the system was quiet.';
  const { quiet, waitedMs, detail } = drained;
  if (quiet) return `Checked when the system was quiet, ${durationText(waitedMs)} after the traffic.`;
  return `The system was not quiet ${durationText(waitedMs)} after the traffic${detail ? ` (${detail})` : ''}.`;
}
