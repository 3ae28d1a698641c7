import { join } from 'node:path';
import { Numbers } from '../lib/core/numbers.ts';
import { packageRoot } from '../lib/core/package-root.ts';
import { type LabOptions, startLab } from '../lib/lab/lab.ts';

/**
 * A lab with every behaviour on, without added latency, whose quotas that `raise` picks are set to `to`, far above what one machine can do: what is admitted is still
 * computed for each call, and nothing is throttled.
 */
export function startRaisedLab(raise: (quota: string) => boolean, to: number, more: Partial<LabOptions> = {}): ReturnType<typeof startLab> {
  const config = (name: string): Numbers => Numbers.fromFolder(join(packageRoot(), 'config', name));
  const quotas = config('quotas');
  const raised = Object.fromEntries(quotas.keys().flatMap((key) => (raise(key) ? [[key, to]] : [])));
  return startLab({
    port: 0,
    stacks: [],
    timeScale: 1,
    delays: false,
    asAwsIs: false,
    seed: 'bench',
    account: '000000000000',
    region: 'us-east-1',
    quotas: quotas.with(raised, 'bench', '2026-11-24'),
    latency: config('latency'),
    ...more,
  });
}
