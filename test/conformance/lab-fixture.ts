import { join } from 'node:path';
import { Numbers } from '../../lib/core/numbers.ts';
import { packageRoot } from '../../lib/core/package-root.ts';
import { type LabOptions, type RunningLab, startLab } from '../../lib/lab/lab.ts';

/** Credentials that any client of a lab can use. */
export const credentials = { accessKeyId: 'AKIALAB', secretAccessKey: 'lab' };

/** A lab on a free port with the numbers of `config/`; without service times unless asked for. */
export function startTestLab(options: Partial<LabOptions> = {}): Promise<RunningLab> {
  return startLab({
    port: 0,
    stacks: [],
    timeScale: 1,
    delays: false,
    asAwsIs: false,
    seed: 'test',
    account: '000000000000',
    region: 'us-east-1',
    quotas: Numbers.fromFolder(join(packageRoot(), 'config/quotas')),
    latency: Numbers.fromFolder(join(packageRoot(), 'config/latency')),
    onDefect: (thrown, operation) => console.error(`defect of the lab in ${operation}:`, thrown),
    ...options,
  });
}
