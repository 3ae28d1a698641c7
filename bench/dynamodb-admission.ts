/**
 * One capacity decision of DynamoDB: a write on a provisioned table of 1,000 partitions, from its key to admitted or not, in process.
 * At least 3 M a second. Half of the requests are of cold keys, half of a few hot ones that their partitions refuse at times.
 */
import { join } from 'node:path';
import { monotonicMs } from '../lib/core/clock.ts';
import { Numbers } from '../lib/core/numbers.ts';
import { packageRoot } from '../lib/core/package-root.ts';
import { tableRules } from '../lib/lab/services/dynamodb/rules.ts';
import { keyPosition } from '../lib/models/dynamodb/key-position.ts';
import { Throughput } from '../lib/models/dynamodb/throughput.ts';

const bar = { decisionsPerSec: 3_000_000 };
const measureMs = 1_000;
const round = 65_536;

const rules = tableRules(Numbers.fromFolder(join(packageRoot(), 'config/quotas')));
const table = new Throughput(
  rules.throughput,
  { read: { mode: 'provisioned', unitsPerSec: 300_000 }, write: { mode: 'provisioned', unitsPerSec: 900_000 } },
  0,
);
const keys = Array.from({ length: round }, (_, i) => ({ S: i % 2 ? `order-${i * 7919}` : `sku-${i % 20}` }));

let [decisions, refused, nowMs] = [0, 0, 1];
const run = (untilMs: number): void => {
  while (monotonicMs() < untilMs) {
    for (let i = 0; i < round; i++) {
      nowMs += 0.001;
      if (table.admit('write', 1, keyPosition(keys[i]), nowMs) !== undefined) refused++;
    }
    decisions += round;
  }
};

run(monotonicMs() + measureMs / 4);
decisions = 0;
refused = 0;
const startedMs = monotonicMs();
run(startedMs + measureMs);
const perSec = (decisions / (monotonicMs() - startedMs)) * 1000;
console.log(
  `${table.partitionCount} partitions: ${(perSec / 1e6).toFixed(1)} M decisions/s, ${(1e6 / perSec).toFixed(3)} us each, ${refused} of ${decisions} refused`,
);
console.log(
  `  bar: at least ${bar.decisionsPerSec / 1e6} M/s: ${perSec >= bar.decisionsPerSec ? 'holds' : 'MISSED'} (${(perSec / bar.decisionsPerSec).toFixed(2)} of it)`,
);
if (perSec < bar.decisionsPerSec) process.exitCode = 1;
