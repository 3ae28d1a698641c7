import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { packageRoot } from '../core/package-root.ts';
import { type CatalogueMetric, checkedMetrics } from '../models/cloudwatch/metric-catalogue.ts';

/**
 * Every metric that a run reads, from the YAML files of `folder` (default: `config/metrics` of the package).
 * @throws ProofloadError `bad-metric-catalogue` naming file and metric
 */
export function readMetricCatalogue(folder = join(packageRoot(), 'config', 'metrics')): CatalogueMetric[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  return files.sort().flatMap((name) => checkedMetrics(parse(readFileSync(join(folder, name), 'utf8')), join(folder, name)));
}

/** How long, in ms, after a period's end points of any metric may still come: `lateMs` of a collection from AWS. */
export function latenessMs(catalogue: readonly CatalogueMetric[]): number {
  return Math.max(0, ...catalogue.map((metric) => metric.lateness.sec * 1000));
}
