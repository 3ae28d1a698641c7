import { dateTimeText } from '../core/time-format.ts';
import type { Trend, TrendChange } from '../grade/compare/trends.ts';
import type { RunSummary } from '../record/history/summary.ts';
import { quantityText } from './format.ts';
import { withPlainText } from './safe-text.ts';
import { type Table, textCell } from './tables/table.ts';
import { type TextOptions, textPage } from './text/page.ts';
import { tableLines } from './text/table.ts';
import { phaseWords, verdictWords } from './words.ts';

/** The runs of an exercise, oldest first, and how its figures went over them. */
export interface History {
  readonly exercise: string;
  readonly runs: readonly (RunSummary & { readonly accepted?: string })[];
  readonly trends: readonly Trend[];
}

/** What a terminal shows of a history; ends with a line break. */
export function renderHistory(history: History, options: TextOptions = {}): string {
  const clean = withPlainText(history);
  const page = textPage(options);
  const tables = [runTable(clean), trendTable(clean), changeTable(clean)].filter(({ rows }) => rows.length > 0);
  const none = clean.trends.some(({ changes }) => changes.length > 0) ? [] : ['No figure has changed for good.'];
  return `${[...tables.map((table) => [page.paint(table.caption, 'bold'), ...tableLines(table, page)].join('\n')), ...none].join('\n\n')}\n`;
}

function runTable({ exercise, runs }: History): Table {
  return {
    caption: `Runs of ${exercise}`,
    columns: [
      { label: 'Run', align: 'left' },
      { label: 'Started', align: 'left', rank: 2 },
      { label: 'Commit', align: 'left' },
      { label: 'Branch', align: 'left', rank: 3 },
      { label: 'Site', align: 'left', rank: 1 },
      { label: 'Verdict', align: 'left' },
      { label: 'Score', align: 'right' },
      { label: 'Reference', align: 'left', rank: 1 },
    ],
    rows: runs.map(({ runId, startedMs, source, site, verdict, scorePercent, accepted }) => {
      const { sign, label, tone } = verdictWords[verdict];
      return [
        textCell(runId),
        textCell(dateTimeText(startedMs)),
        textCell(source ? `${source.commit.slice(0, 7)}${source.dirty ? '+' : ''}` : '–', source ? 'plain' : 'muted'),
        textCell(source?.branch ?? '–'),
        textCell(site.name),
        textCell(`${sign} ${label.toLowerCase()}`, tone),
        textCell(`${Number(scorePercent.toFixed(1))} %`),
        textCell(accepted ?? ''),
      ];
    }),
    footnotes: runs.some(({ source }) => source?.dirty) ? ['A + behind a commit: files were changed since.'] : [],
  };
}

function trendTable({ trends }: History): Table {
  return {
    caption: 'Figures',
    columns: [
      { label: 'Figure', align: 'left' },
      { label: 'Phase', align: 'left' },
      { label: 'Runs', align: 'right' },
      { label: 'Over the runs', align: 'left', rank: 1 },
      { label: 'Least', align: 'right', rank: 2 },
      { label: 'Most', align: 'right', rank: 2 },
      { label: 'Latest', align: 'right' },
    ],
    rows: trends.map(({ sli, phase, unit, values }) => {
      const numbers = values.map(({ value }) => value);
      const text = (value: number | undefined) => textCell(value === undefined ? '–' : quantityText(value, unit));
      const some = numbers.length > 0;
      return [
        textCell(sli),
        textCell(phaseWords[phase]),
        textCell(String(numbers.length)),
        textCell(curve(numbers)),
        text(some ? Math.min(...numbers) : undefined),
        text(some ? Math.max(...numbers) : undefined),
        text(numbers.at(-1)),
      ];
    }),
    footnotes: ['Runs that are invalid or without data, and runs on another site or clock than the latest, are left out.'],
  };
}

function changeTable({ trends }: History): Table {
  const row = (trend: Trend, { runId, commit, before, after, pValue }: TrendChange) => [
    textCell(trend.sli),
    textCell(phaseWords[trend.phase]),
    textCell(commit ? commit.slice(0, 7) : '–'),
    textCell(runId),
    textCell(quantityText(before, trend.unit)),
    textCell(quantityText(after, trend.unit), 'warn'),
    textCell(before === 0 ? '–' : `${after >= before ? '+' : '−'}${Math.abs(((after - before) / before) * 100).toFixed(0)} %`),
    textCell(pValue < 0.0001 ? '< 0.0001' : pValue.toFixed(4)),
  ];
  return {
    caption: 'Changes',
    columns: [
      { label: 'Figure', align: 'left' },
      { label: 'Phase', align: 'left' },
      { label: 'From commit', align: 'left' },
      { label: 'From run', align: 'left', rank: 1 },
      { label: 'Before', align: 'right' },
      { label: 'After', align: 'right' },
      { label: 'Change', align: 'right' },
      { label: 'p', align: 'right', rank: 2 },
    ],
    rows: trends.flatMap((trend) => trend.changes.map((change) => row(trend, change))),
    footnotes: ['Change points by E-divisive with a t-test over the runs above.'],
  };
}

const bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
const curveLength = 30;

/** The latest values as a small curve from their least to their most. */
function curve(values: readonly number[]): string {
  const shown = values.slice(-curveLength);
  const [least, most] = [Math.min(...shown), Math.max(...shown)];
  const level = (value: number): number => (most > least ? Math.round(((value - least) / (most - least)) * (bars.length - 1)) : 0);
  return shown.map((value) => bars[level(value)] ?? '').join('');
}
