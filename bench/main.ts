/** Runs every bench in turn, each in a process of its own; a new one is one line here. `npm run bench [name ...]` runs some. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const benches = [
  'lab-start',
  'report',
  'big-record',
  'lab-dynamodb',
  'dynamodb-admission',
  'states',
  'start-execution',
  'http-api',
  'saga',
  'excess',
  'k6-driver',
  'statistics',
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !benches.includes(name));
if (unknown.length > 0) {
  console.error(`no bench ${unknown.join(', ')}; there are: ${benches.join(', ')}`);
  process.exit(2);
}
const missed: string[] = [];
for (const name of wanted.length > 0 ? wanted : benches) {
  console.log(`\n== ${name}`);
  const { status } = spawnSync(process.execPath, [fileURLToPath(new URL(`${name}.ts`, import.meta.url))], { stdio: 'inherit' });
  if (status !== 0) missed.push(name);
}
console.log(missed.length === 0 ? '\nevery bar holds' : `\nmissed: ${missed.join(', ')}`);
process.exitCode = missed.length === 0 ? 0 : 1;
