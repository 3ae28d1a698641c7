import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Numbers } from '../../core/numbers.ts';
import { packageRoot } from '../../core/package-root.ts';
import { seededRng } from '../../core/rng.ts';
import { coldStartRow, coldStartRuntimes } from './cold-start.ts';

const latency = Numbers.fromFolder(join(packageRoot(), 'config/latency'));
const rows = latency.keys().filter((key) => key.startsWith('lambda.cold-start.'));

describe('cold starts', () => {
  it.each(rows)('%s: 10,000 samples have its quantiles and none exceeds its maximum', (key) => {
    const [runtime, architecture, memory] = /^lambda\.cold-start\.(.+)\.zip\.(.+)\.(\d+)$/.exec(key)!.slice(1) as [string, string, string];
    const row = coldStartRow(latency, runtime, architecture, Number(memory))!;
    expect(row).toMatchObject({ key, exact: true });
    const rng = seededRng(key);
    const samples = Array.from({ length: 10_000 }, () => row.sample(rng.next()));
    const table = latency.table(key);
    const share = (quantile: string): number => samples.filter((ms) => ms <= table[quantile]!).length / samples.length;
    expect(Math.abs(share('p10') - 0.1)).toBeLessThan(0.02);
    expect(Math.abs(share('p50') - 0.5)).toBeLessThan(0.02);
    expect(Math.abs(share('p90') - 0.9)).toBeLessThan(0.02);
    expect(Math.abs(share('p99') - 0.99)).toBeLessThan(0.005);
    expect(Math.max(...samples)).toBeLessThanOrEqual(table['max']!);
  });

  it('are the Node zip rows of the source, all of them', () => {
    const [header, ...lines] = readFileSync(join(packageRoot(), 'config/latency/sources/lambda-cold-start.csv'), 'utf8').trim().split('\n');
    const names = header!.split(',');
    const expected = lines
      .map((line) => Object.fromEntries(line.split(',').map((value, i) => [names[i]!, value])))
      .filter((row) => row['runtime']!.startsWith('nodejs') && row['package'] === 'zip')
      .map((row) => {
        const quantiles = ['p10', 'p50', 'p90', 'p99', 'max'].map((name) => [name, Number(row[name])]);
        return [`lambda.cold-start.${row['runtime']!.slice(0, -1)}.x.zip.${row['arch']}.${row['memory_mb']}`, Object.fromEntries(quantiles)];
      });
    expect(Object.fromEntries(rows.map((key) => [key, latency.table(key)]))).toEqual(Object.fromEntries(expected));
  });

  it('fall back to the nearest row of the same runtime, and know no other runtime', () => {
    expect(coldStartRow(latency, 'nodejs22.x', 'arm64', 2048)).toMatchObject({ key: 'lambda.cold-start.nodejs22.x.zip.arm64.1024', exact: false });
    expect(coldStartRow(latency, 'nodejs22.x', 'arm64', 300)).toMatchObject({ key: 'lambda.cold-start.nodejs22.x.zip.arm64.256' });
    expect(coldStartRow(latency, 'cobol85', 'arm64', 512)).toBeUndefined();
    expect(coldStartRuntimes(latency)).toEqual(['nodejs20.x', 'nodejs22.x', 'nodejs24.x']);
  });
});
