import { createRequire } from 'node:module';
import { startRaisedLab } from './raised-lab.ts';

/** A child process that serves DynamoDB on any free port: `lab` (every behaviour on, no added latency) or `dynalite` alone. Prints the port. */
if (process.argv[2] === 'lab') {
  // The table of the bench has capacity far above what can be sent.
  const lab = await startRaisedLab((quota) => /^dynamodb\.(table|account)-max-(read|write)$/.test(quota), 10_000_000);
  console.log(new URL(lab.endpoint).port);
} else {
  const dynalite = createRequire(import.meta.url)('dynalite') as (options: object) => {
    listen(port: number, host: string, ready: () => void): void;
    address(): { port: number };
  };
  const server = dynalite({ createTableMs: 0 });
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));
}
