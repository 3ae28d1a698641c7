import { expect, it } from 'vitest';
import type { Arrival, Sample } from '../../record/types.ts';
import type { ResultFile } from './file.ts';
import { readK6Samples, type SampleFacts } from './k6-samples.ts';

const header = 'metric_name,timestamp,metric_value,name,status,error_code,expected_response,scenario\n';

/** The rows that k6 writes of one request, which ended at `time` (in any of its formats) after `blockedMs` and 20 ms. */
function request(time: string, { name = 'browse', status = '200', error = '', expected = 'true', blockedMs = 1 } = {}): string {
  const row = (metric: string, value: number): string => `${metric},${time},${value},${name},${status},${error},${expected},shop\n`;
  return [row('http_req_duration', 20), row('http_req_blocked', blockedMs), row('http_req_connecting', 0.5), row('http_req_receiving', 0.2)].join('');
}

interface Read {
  readonly facts: SampleFacts;
  readonly samples: Sample[];
  readonly arrivals: Arrival[];
}

async function read(text: string, chunkBytes = 7): Promise<Read> {
  const bytes = Buffer.from(text);
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
  };
  const file: ResultFile = { name: 'results.csv', head: text, writtenMs: 0, chunks };
  const samples: Sample[] = [];
  const arrivals: Arrival[] = [];
  const sink = {
    samples: (more: readonly Sample[]) => void samples.push(...more),
    arrivals: (more: readonly Arrival[]) => void arrivals.push(...more),
  };
  return { facts: await readK6Samples(file, text.startsWith('{') ? 'k6 JSON' : 'k6 CSV', sink), samples, arrivals };
}

it("puts a request together from k6's parts, whatever bytes the chunks end in", async () => {
  const { samples, facts } = await read(header + request('1795539280250000', { name: '"café, ""large"""', blockedMs: 3 }));
  expect(samples).toEqual([
    { startMs: 1795539280227, durationMs: 23, operation: 'café, "large"', status: 200, error: '', ok: true, bytesReceived: 0 },
  ]);
  expect(facts).toMatchObject({ firstMs: 1795539280227, lastMs: 1795539280227, requests: 1, wholeSeconds: false });
});

it('says when all times are whole seconds, and takes the middle of each', async () => {
  const { samples, facts } = await read(header + request('1795539280') + request('1795539281'));
  expect(samples.map(({ startMs, durationMs }) => startMs + durationMs)).toEqual([1795539280500, 1795539281500]);
  expect(facts.wholeSeconds).toBe(true);
});

it('takes the status for it where the file does not say what was expected; no response is a failure in any case', async () => {
  const failures = [
    request('1795539280250', { status: '404', expected: '' }),
    request('1795539280250', { status: '404', expected: 'true' }),
    request('1795539280250', { status: '200', expected: 'false' }),
    request('1795539280250', { status: '302', expected: '' }),
    request('1795539280250', { status: '0', error: '1050', expected: 'true' }),
  ];
  const { samples } = await read(header + failures.join(''));
  expect(samples.map(({ ok, error }) => [ok, error])).toEqual([
    [false, ''],
    [true, ''],
    [false, ''],
    [true, ''],
    [false, 'timeout'],
  ]);
});

it('counts flows that started and flows that k6 dropped', async () => {
  const flow = (metric: string, value: number): string => `${metric},1795539280250,${value},,,,,shop\n`;
  const { arrivals, facts } = await read(header + request('1795539280250') + flow('iteration_duration', 250) + flow('dropped_iterations', 2));
  expect(arrivals).toEqual([
    { flow: 'shop', intendedMs: 1795539280000, startMs: 1795539280000, durationMs: 250 },
    { flow: 'shop', intendedMs: 1795539280250, dropped: 'system-slow' },
    { flow: 'shop', intendedMs: 1795539280250, dropped: 'system-slow' },
  ]);
  expect(facts).toMatchObject({ dropped: 2, flows: [{ name: 'shop', arrivals: 3 }] });
});

it('keeps what came before a file was cut off, and says where that was', async () => {
  const whole = header + request('1795539280250') + request('1795539281250');
  const { facts, samples } = await read(whole.slice(0, -9));
  expect([samples.length, facts.cutOff]).toEqual([1, "k6's CSV ends within a line"]);
  expect((await read(whole)).facts.cutOff).toBeUndefined();
});

it('reads JSON lines to the same requests, and tells the line that is none', async () => {
  const point = (metric: string, value: number): string =>
    `${JSON.stringify({ type: 'Point', metric, data: { time: '2026-11-24T16:54:40.396773531Z', value, tags: { name: 'browse', status: '200', scenario: 'shop' } } })}\n`;
  const lines = point('http_req_duration', 20) + point('http_req_blocked', 3) + point('http_req_receiving', 1);
  const { samples, facts } = await read(lines);
  expect(samples).toMatchObject([{ startMs: Date.parse('2026-11-24T16:54:40.373Z'), durationMs: 23, operation: 'browse', ok: true }]);
  expect(facts.wholeSeconds).toBe(false);
  await expect(read(`${lines}and more\n`)).rejects.toThrow('line 4 is not JSON: "and more"');
  expect((await read(lines + lines.slice(0, 30))).facts.cutOff).toBe("k6's JSON ends within a line");
});

it('refuses what it cannot read or has nothing in it', async () => {
  await expect(read(`${header}vus,1795539280,5,,,,,\n`)).rejects.toThrow('holds no HTTP request');
  await expect(read(`${header.replace(',status', '')}vus,1795539280,5,,,,\n`)).rejects.toThrow('has no column status');
  await expect(read(header + request('yesterday'))).rejects.toThrow('the request after 0 others has no time or no duration that can be read');
});
