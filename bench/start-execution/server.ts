import { join } from 'node:path';
import { Numbers } from '../../lib/core/numbers.ts';
import { packageRoot } from '../../lib/core/package-root.ts';
import { startLab } from '../../lib/lab/lab.ts';

/** A child process that serves an empty lab with every behaviour on, without added latency and with Step Functions' rates raised. Prints its port. */
const config = (name: string): Numbers => Numbers.fromFolder(join(packageRoot(), 'config', name));
const quotas = config('quotas');
const raised = Object.fromEntries(quotas.keys().flatMap((key) => (/^states\..*-(refill|bucket)$/.test(key) ? [[key, 1e9]] : [])));
const lab = await startLab({
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
});
console.log(new URL(lab.endpoint).port);
