import { ProofloadError } from '../../core/errors.ts';
import type { ImportedFigures } from '../../record/imported.ts';
import { artilleryFigures, isArtilleryReport } from './artillery.ts';
import { type ResultFile, readDocument } from './file.ts';
import { isK6Summary, k6SummaryFigures } from './k6-summary.ts';

/** Of a file that holds figures and no samples: the figures, and when they are from. */
export interface Summary {
  readonly figures: ImportedFigures;
  readonly startMs: number;
  readonly endMs: number;
  /** The flow's own thresholds that were crossed. */
  readonly thresholdsCrossed: readonly string[];
  /** Where the file does not say when it began, how that was reckoned. */
  readonly reckoned?: string;
}

/** A known format: with samples, or with the figures of a summary. */
export type Recognised =
  | { readonly format: 'k6 CSV' | 'k6 JSON' }
  | { readonly format: 'k6 summary' | 'Artillery report'; readonly summary: Summary };

/** Tells a file's format by its content. @throws ProofloadError `unknown-format` naming those that are known */
export async function recognise(file: ResultFile): Promise<Recognised> {
  const head = file.head.trimStart();
  if (/^"?metric_name"?,/.test(head)) return { format: 'k6 CSV' };
  if (isK6Line(head.split('\n', 1)[0] ?? '')) return { format: 'k6 JSON' };
  if (!head.startsWith('{')) throw unknown(file.name);
  const document = await readDocument(file);
  if (isK6Summary(document)) return { format: 'k6 summary', summary: k6SummaryFigures(document, file) };
  if (isArtilleryReport(document)) return { format: 'Artillery report', summary: artilleryFigures(document, file.name) };
  throw unknown(file.name);
}

function isK6Line(line: string): boolean {
  try {
    const { type, metric } = JSON.parse(line) as { type?: unknown; metric?: unknown };
    return (type === 'Metric' || type === 'Point') && typeof metric === 'string';
  } catch {
    return false;
  }
}

function unknown(name: string): ProofloadError {
  return new ProofloadError('unknown-format', `${name} has no format that is known`, {
    hint: "known are: k6's CSV (--out csv=<file>), JSON lines (--out json=<file>) and end-of-test summary (--summary-export, handleSummary as JSON), each also as .gz, and the report of artillery run --output",
  });
}
