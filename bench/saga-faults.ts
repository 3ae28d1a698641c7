/**
 * Sagas under each fault that hits them: every accepted order must end confirmed or taken back completely, and every invariant hold. Each fault has a lab
 * of its own, whose clock runs faster than the wall's where the fault allows it, and is on for the middle of the orders, five minutes of the lab at most. 100,000 orders take some ten
 * minutes a fault. `node bench/saga-faults.ts [orders a fault, 100000] [fault ...]`
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FaultRow } from './saga/fault-leg.ts';
import { sagaFaults } from './saga/faults.ts';

const [count = '100000', ...wanted] = process.argv.slice(2);
const faults = wanted.length > 0 ? wanted : Object.keys(sagaFaults);
const unknown = faults.filter((fault) => !sagaFaults[fault]);
if (unknown.length > 0) {
  console.error(`no fault ${unknown.join(', ')}; there are: ${Object.keys(sagaFaults).join(', ')}`);
  process.exit(2);
}

const cells = ['fault', 'accepted', 'in fault', 'observed', 'confirmed', 'taken back', 'lost', 'violated', 'sec', 'RSS MB'];
const line = (values: readonly (string | number)[]): string =>
  values.map((value, index) => (index === 0 ? String(value).padEnd(17) : String(value).padStart(11))).join('');

console.log(line(cells));
for (const fault of faults) {
  const args = ['--max-old-space-size=6144', '--min-semi-space-size=64', '--max-semi-space-size=64'];
  const child = spawnSync(process.execPath, [...args, fileURLToPath(new URL('saga/fault-leg.ts', import.meta.url)), fault, count], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  if (child.status === 0) print(JSON.parse(child.stdout) as FaultRow);
  else {
    console.log(`${fault.padEnd(17)} broke off`);
    process.exitCode = 1;
  }
}

function print({ fault, accepted, duringFault, orders, failures, violations, observed, tookSec, rssMb }: FaultRow): void {
  const { CONFIRMED: confirmed = 0, PENDING: pending = 0, ...failed } = orders;
  const takenBack = Object.values(failed).reduce((sum, each) => sum + each, 0);
  const lost = accepted - confirmed - takenBack;
  console.log(line([fault, accepted, duringFault, observed, confirmed, takenBack, lost, violations.length, Math.round(tookSec), Math.round(rssMb)]));
  const reasons = Object.entries(failures).map(([error, times]) => `${error} ${times}`);
  if (reasons.length > 0) console.log(`    taken back for ${reasons.join(', ')}`);
  if (pending > 0) console.log(`    ${pending} still pending`);
  for (const violation of violations.slice(0, 5)) console.log(`    ${violation}`);
  if (observed === 0) console.log('    the fault was not observed: the row proves nothing');
  if (lost !== 0 || violations.length > 0 || observed === 0) process.exitCode = 1;
}
