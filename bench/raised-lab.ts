import { join } from 'node:path';
import { Numbers } from '../lib/core/numbers.ts';
import { packageRoot } from '../lib/core/package-root.ts';
import type { LabOptions, RunningLab } from '../lib/lab/lab.ts';
import { startTestLab } from '../test/conformance/lab-fixture.ts';

/**
 * A lab with every behaviour on, without added latency, whose quotas that `raise` picks are set to `to`, far above what one machine can do: what is admitted is still
 * computed for each call, and nothing is throttled.
 */
export function startRaisedLab(raise: (quota: string) => boolean, to: number, more: Partial<LabOptions> = {}): Promise<RunningLab> {
  const quotas = Numbers.fromFolder(join(packageRoot(), 'config/quotas'));
  const raised = Object.fromEntries(quotas.keys().flatMap((key) => (raise(key) ? [[key, to]] : [])));
  return startTestLab({
    seed: 'bench',
    quotas: quotas.with(raised, 'bench', '2026-11-24'),
    ...more,
  });
}
