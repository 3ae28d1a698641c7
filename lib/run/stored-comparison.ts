import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ComparisonDocument, comparisonVersion } from '../report/comparison/render.ts';

/** The last comparison of a run with another, from beside its reports; undefined where there is none, or none of this run that can be read. */
export function storedComparison(folder: string, runId: string): ComparisonDocument | undefined {
  const path = join(folder, 'comparison.json');
  if (!existsSync(path)) return undefined;
  try {
    const document = JSON.parse(readFileSync(path, 'utf8')) as Partial<ComparisonDocument> | null;
    return document?.comparisonVersion === comparisonVersion && document.candidate?.runId === runId ? (document as ComparisonDocument) : undefined;
  } catch {
    return undefined;
  }
}
