import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Numbers } from '../lib/core/numbers.ts';
import { packageRoot } from '../lib/core/package-root.ts';
import { startLab } from '../lib/lab/lab.ts';

/** A child process that serves DynamoDB on any free port: `lab` (every behaviour on, no added latency) or `dynalite` alone. Prints the port. */
if (process.argv[2] === 'lab') {
  // The table of the bench has capacity far above what can be sent.
  const raised = Object.fromEntries(
    ['table-max', 'account-max'].flatMap((name) => ['read', 'write'].map((side) => [`dynamodb.${name}-${side}`, 10_000_000])),
  );
  const folder = (name: string): Numbers => Numbers.fromFolder(join(packageRoot(), 'config', name));
  const lab = await startLab({
    port: 0,
    stacks: [],
    timeScale: 1,
    delays: false,
    asAwsIs: false,
    seed: 'bench',
    account: '000000000000',
    region: 'us-east-1',
    quotas: folder('quotas').with(raised, 'bench', '2026-11-24'),
    latency: folder('latency'),
  });
  console.log(new URL(lab.endpoint).port);
} else {
  const dynalite = createRequire(import.meta.url)('dynalite') as (options: object) => {
    listen(port: number, host: string, ready: () => void): void;
    address(): { port: number };
  };
  const server = dynalite({ createTableMs: 0 });
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));
}
