import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { packageRoot } from '../../../core/package-root.ts';
import { checkedMetrics } from '../../../models/cloudwatch/metric-catalogue.ts';

/** How late AWS's own metrics show, by `config/metrics`; an `AWS/` metric that no file names is as late as the latest of them. */
export function latenessAsAwsIs(): (namespace: string, metric: string) => number {
  const folder = join(packageRoot(), 'config', 'metrics');
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  const metrics = files.flatMap((name) => checkedMetrics(parse(readFileSync(join(folder, name), 'utf8')), join('config/metrics', name)));
  const known = new Map(metrics.map(({ namespace, metric, lateness }) => [`${namespace}\n${metric}`, lateness.sec * 1000]));
  const latestMs = Math.max(...known.values());
  return (namespace, metric) => (namespace.startsWith('AWS/') ? (known.get(`${namespace}\n${metric}`) ?? latestMs) : 0);
}
