import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvReader } from './csv.ts';
import { errorWord } from './errors.ts';
import { type K6Events, type K6Reader, rowReader } from './rows.ts';

type Event = [name: string, ...values: unknown[]];

function recorder(): { events: K6Events; seen: Event[] } {
  const seen: Event[] = [];
  const note =
    (name: string) =>
    (...values: unknown[]) =>
      void seen.push([name, ...values]);
  const names = ['request', 'iteration', 'dropped', 'users', 'data', 'check', 'scenarioStarted'];
  return { events: Object.fromEntries(names.map((name) => [name, note(name)])) as unknown as K6Events, seen };
}

/** Writes the layout of tools/k6/proofload/rows.go. */
class Writer {
  readonly #parts: Buffer[] = [Buffer.from([0x50, 0x46, 0x4b, 0x36, 1, 0])];
  readonly #texts = new Map<string, number>([['', 0]]);
  readonly #counts = new Array<number>(9).fill(0);

  row(kind: number, bytes: number, fill: (buffer: Buffer) => void, extra: Buffer = Buffer.alloc(0)): void {
    const buffer = Buffer.alloc(bytes);
    fill(buffer);
    this.#parts.push(Buffer.from([kind]), buffer, extra);
    if (kind !== 255) this.#counts[kind]! += 1;
  }
  text(value: string): number {
    const known = this.#texts.get(value);
    if (known !== undefined) return known;
    const [id, bytes] = [this.#texts.size, Buffer.from(value)];
    this.#texts.set(value, id);
    this.row(
      1,
      6,
      (buffer) => {
        buffer.writeUInt32LE(id, 0);
        buffer.writeUInt16LE(bytes.length, 4);
      },
      bytes,
    );
    return id;
  }
  event([name, ...values]: Event): void {
    const [a, b, c, d, e, f] = values as [never, never, never, never, never, never];
    const us = (ms: number): bigint => BigInt(Math.round(ms * 1000));
    if (name === 'request') {
      const id = this.text(c);
      this.row(2, 21, (buffer) => {
        buffer.writeBigUInt64LE(us(a), 0);
        buffer.writeUInt32LE(Number(us(b)), 8);
        buffer.writeUInt32LE(id, 12);
        buffer.writeUInt16LE(d, 16);
        buffer.writeUInt16LE(e, 18);
        buffer.writeUInt8(f ? 1 : 0, 20);
      });
    } else if (name === 'iteration') {
      const id = this.text(a);
      this.row(3, 24, (buffer) => {
        buffer.writeBigUInt64LE(us(b), 0);
        buffer.writeBigUInt64LE(us(c), 8);
        buffer.writeUInt32LE(id, 16);
        buffer.writeUInt32LE(d ?? 0xffffffff, 20);
      });
    } else if (name === 'dropped') {
      const id = this.text(a);
      this.row(4, 16, (buffer) => {
        buffer.writeBigUInt64LE(us(b), 0);
        buffer.writeUInt32LE(c, 8);
        buffer.writeUInt32LE(id, 12);
      });
    } else if (name === 'check') {
      const id = this.text(a);
      this.row(7, 12, (buffer) => {
        buffer.writeUInt32LE(id, 0);
        buffer.writeUInt32LE(b, 4);
        buffer.writeUInt32LE(c, 8);
      });
    }
  }
  end(forget = 0): void {
    this.row(255, 72, (buffer) => {
      for (let kind = 1; kind <= 8; kind++) buffer.writeBigUInt64LE(BigInt(this.#counts[kind]! + (kind === 2 ? forget : 0)), 8 * kind);
    });
  }
  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

function feed(reader: K6Reader, bytes: Buffer, cuts: readonly number[]): void {
  const points = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  for (const [index, from] of points.entries()) reader.push(bytes.subarray(from, points[index + 1] ?? bytes.length));
}

const ms = fc.integer({ min: 0, max: 2 ** 51 }).map((us) => us / 1000);
const shortMs = fc.integer({ min: 0, max: 2 ** 32 - 1 }).map((us) => us / 1000);
const count = fc.integer({ min: 0, max: 2 ** 31 });
const event: fc.Arbitrary<Event> = fc.oneof(
  fc.tuple(fc.constant('request'), ms, shortMs, fc.string({ unit: 'grapheme' }), fc.nat(599), fc.nat(1700), fc.boolean()),
  fc.tuple(fc.constant('iteration'), fc.string(), ms, ms, fc.option(fc.nat(1e6), { nil: undefined })),
  fc.tuple(fc.constant('dropped'), fc.string(), ms, count),
  fc.tuple(fc.constant('check'), fc.string(), count, count),
);

test('property: rows read back as they were written, wherever the chunks are cut', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), fc.array(fc.nat(), { maxLength: 30 }), (events, cuts) => {
      const writer = new Writer();
      for (const each of events) writer.event(each);
      writer.end();
      const { events: sink, seen } = recorder();
      const reader = rowReader(sink);
      feed(reader, writer.bytes(), cuts);
      expect(seen).toEqual(events);
      expect(reader.end()).toEqual({ complete: true, detail: '' });
    }),
  );
});

test('a stream cut short, or with a row too few, is not complete', () => {
  const writer = new Writer();
  writer.event(['request', 1, 2, 'GetX', 200, 0, true]);
  const cut = rowReader(recorder().events);
  cut.push(writer.bytes());
  expect(cut.end()).toEqual({ complete: false, detail: "k6's rows end after 1 requests without their closing row" });
  writer.end(1);
  const short = rowReader(recorder().events);
  short.push(writer.bytes());
  expect(short.end()).toEqual({ complete: false, detail: 'rows of k6 are missing (request: 1 of 2)' });
});

test('bytes that are no rows are refused by name', () => {
  expect(() => rowReader(recorder().events).push(Buffer.from('metric_name,timestamp'))).toThrow(/layout "metr"/);
  expect(() => rowReader(recorder().events).push(Buffer.from([...Buffer.from('PFK6'), 1, 0, 77]))).toThrow(/unknown kind 77/);
});

const header =
  'metric_name,timestamp,metric_value,check,error,error_code,expected_response,group,method,name,proto,scenario,service,status,subproto,tls_version,url,extra_tags,metadata';
const csv = `${header}
proofload_scenario_start,1795517501000500,1.000000,,,,,,,,,checkout,,,,,,,proofload_index=0
http_reqs,1795517501100000,1.000000,,,,true,,GET,GetX,HTTP/1.1,checkout,,200,,,GetX,,proofload_index=0
http_req_duration,1795517501100000,20.000000,,,,true,,GET,GetX,HTTP/1.1,checkout,,200,,,GetX,,proofload_index=0
http_req_blocked,1795517501100000,3.000000,,,,true,,GET,GetX,HTTP/1.1,checkout,,200,,,GetX,,proofload_index=0
http_req_connecting,1795517501100000,2.000000,,,,true,,GET,GetX,HTTP/1.1,checkout,,200,,,GetX,,proofload_index=0
http_req_tls_handshaking,1795517501100000,0.000000,,,,true,,GET,GetX,HTTP/1.1,checkout,,200,,,GetX,,proofload_index=0
http_req_sending,1795517501100000,1.000000,,,,true,,GET,GetX,HTTP/1.1,checkout,,200,,,GetX,,proofload_index=0
http_req_waiting,1795517501100000,18.000000,,,,true,,GET,GetX,HTTP/1.1,checkout,,200,,,GetX,,proofload_index=0
http_req_receiving,1795517501100000,1.000000,,,,true,,GET,GetX,HTTP/1.1,checkout,,200,,,GetX,,proofload_index=0
http_req_failed,1795517501100000,0.000000,,,,true,,GET,GetX,HTTP/1.1,checkout,,200,,,GetX,,proofload_index=0
checks,1795517501100000,0.000000,"said ""no"",
twice",,,,,,,,checkout,,,,,,,proofload_index=0
data_received,1795517501100000,124.000000,,,,,,,,,checkout,,,,,,,proofload_index=0
iteration_duration,1795517501100000,24.000000,,,,,,,,,checkout,,,,,,,proofload_index=0
dropped_iterations,1795517501200000,1.000000,,,,,,,,,checkout,,,,,,,
vus,1795517502000000,3.000000,,,,,,,,,,,,,,,,
vus_max,1795517502000000,10.000000,,,,,,,,,,,,,,,,
`;

test('property: the CSV of k6 gives the same events, wherever the chunks are cut', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 30 }), (cuts) => {
      const { events, seen } = recorder();
      const reader = csvReader(events);
      feed(reader, Buffer.from(csv), cuts);
      expect(seen).toEqual([
        ['scenarioStarted', 'checkout', 1795517501000.5],
        ['request', 1795517501077, 23, 'GetX', 200, 0, true],
        ['check', 'said "no",\ntwice', 0, 1],
        ['data', 0, 124],
        ['iteration', 'checkout', 1795517501076, 24, 0],
        ['dropped', 'checkout', 1795517501200, 1],
        ['users', 1795517502000, 3, 10],
      ]);
      expect(reader.end()).toEqual({ complete: true, detail: '' });
    }),
  );
});

test('CSV without a needed column, and CSV cut within a line', () => {
  expect(() => csvReader(recorder().events).push(Buffer.from('metric_name,timestamp\n'))).toThrow(/no column metric_value, name/);
  const reader = csvReader(recorder().events);
  reader.push(Buffer.from(csv.slice(0, -20)));
  expect(reader.end().complete).toBe(false);
});

test.each([
  [1050, 0, 'timeout'],
  [1212, 0, 'connection-refused'],
  [1220, 0, 'connection-reset'],
  [1213, 0, 'connect-failed'],
  [1429, 429, ''],
  [1503, 503, ''],
  [0, 200, ''],
  [0, 0, 'no-response'],
  [1000, 0, 'other-1000'],
])('error code %i with status %i is called "%s"', (code, status, word) => {
  expect(errorWord(code, status)).toBe(word);
});
