import type { ComparedFigure, ComparedObjective, Comparison } from '../../grade/compare/types.ts';
import { quantityText, signedPercent } from '../format.ts';
import { type Cell, type Table, textCell } from '../tables/table.ts';
import { phaseWords, type Tone } from '../words.ts';

const decisionWords: Readonly<Record<ComparedObjective['decision'], { label: string; tone: Tone }>> = {
  worse: { label: '✗ worse', tone: 'bad' },
  'not-worse': { label: '✓ not worse', tone: 'good' },
  'cannot-tell': { label: '– cannot tell', tone: 'muted' },
  informs: { label: 'i info', tone: 'plain' },
};

/** Every objective of both runs against each other; what got worse is followed by the operations that moved. */
export function comparisonTable({ objectives, settings }: Comparison): Table {
  return {
    caption: 'Reference and candidate',
    columns: [
      { label: 'Objective', align: 'left' },
      { label: 'Phase', align: 'left' },
      { label: 'Result', align: 'left' },
      { label: 'Reference', align: 'right' },
      { label: 'Candidate', align: 'right' },
      { label: 'Change', align: 'right' },
      { label: '95 % interval', align: 'right', rank: 1 },
      { label: 'p, corrected', align: 'right', rank: 2 },
      { label: 'Would have seen', align: 'right', rank: 3 },
    ],
    rows: objectives.flatMap((objective) => [objectiveRow(objective), ...operationRows(objective)]),
    footnotes: [
      ...objectives.flatMap(({ displayName, phase, reason }) => (reason === undefined ? [] : [`${displayName} (${phaseWords[phase]}): ${reason}.`])),
      `Worse: more than ${settings.toleratePercent} % (of errors ${settings.tolerateErrorPoints} percentage points more) above the reference, with a false alarm in at most ${settings.significance * 100} % of all comparisons (Holm's correction). ` +
        'Would have seen: the smallest change that these samples show with probability 0.95.',
    ],
  };
}

/** What the runs differ in beside what they measured. */
export function differenceTable({ differences }: Comparison): Table {
  return {
    caption: 'Differences',
    columns: [
      { label: 'Differs', align: 'left' },
      { label: 'Allowed', align: 'left' },
      { label: 'Reference', align: 'left' },
      { label: 'Candidate', align: 'left' },
    ],
    rows: differences.map(({ what, allowed, reference, candidate }) => [
      textCell(what),
      allowed ? textCell('yes', 'muted') : textCell('no', 'bad'),
      textCell(reference),
      textCell(candidate),
    ]),
    footnotes: [],
  };
}

function objectiveRow({ displayName, phase, decision, figure, adjustedP }: ComparedObjective): Cell[] {
  const { label, tone } = decisionWords[decision];
  return [textCell(displayName), textCell(phaseWords[phase]), textCell(label, tone), ...figureCells(figure, adjustedP)];
}

function operationRows({ phase, operations = [] }: ComparedObjective): Cell[][] {
  return operations.map(({ operation, ...figure }) => [
    textCell(`  ${operation}`, 'muted'),
    textCell(phaseWords[phase], 'muted'),
    textCell(''),
    ...figureCells(figure, undefined),
  ]);
}

function figureCells(figure: ComparedFigure | undefined, adjustedP: number | undefined): Cell[] {
  if (!figure) return ['–', '–', '–', '–', '–', '–'].map((text) => textCell(text, 'muted'));
  const { unit, reference, candidate, changePercent, low, high, detectablePercent } = figure;
  return [
    textCell(quantityText(reference, unit)),
    textCell(quantityText(candidate, unit)),
    textCell(changePercent === undefined ? '–' : signedPercent(changePercent)),
    textCell(
      changePercent === undefined || (low ?? high) === undefined
        ? '–'
        : `${low === undefined ? 'any' : signedPercent(low)} to ${high === undefined ? 'any' : signedPercent(high)}`,
    ),
    textCell(adjustedP === undefined ? '' : adjustedP < 0.0001 ? '< 0.0001' : adjustedP.toFixed(4)),
    textCell(detectablePercent === undefined ? '–' : detectablePercent === null ? 'none' : signedPercent(detectablePercent)),
  ];
}
