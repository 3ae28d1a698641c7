import { closeSync, openSync, writeSync } from 'node:fs';
import { isoTime } from '../../lib/core/time-format.ts';
import type { SampleChunk } from '../../lib/record/chunks.ts';
import type { RunRecord } from '../../lib/record/reader.ts';

const flushAtChars = 1 << 22;

/** The samples of a record as k6's CSV has them, but for the seven other rows that k6 writes of each request. */
export function writeK6Csv(record: RunRecord, path: string): void {
  const header =
    'metric_name,timestamp,metric_value,check,error,error_code,expected_response,group,method,name,proto,scenario,service,status,subproto,tls_version,url,extra_tags,metadata\n';
  writeLines(record, path, 1, header, (chunk, row) => {
    const { operation, error, status, ok, durationUs } = rowOf(chunk, row);
    const sec = Math.floor((chunk.baseMs + (chunk.startUs[row] as number) / 1000) / 1000);
    return `http_req_duration,${sec},${durationUs / 1000},,${error},,${ok},,GET,${operation},HTTP/1.1,checkout,,${status},,,https://shop.example.com/${operation},,\n`;
  });
}

/** Every `nth` sample of a record as k6's JSON has it, but for the seven other points that k6 writes of each request. */
export function writeK6Json(record: RunRecord, path: string, nth: number): void {
  writeLines(record, path, nth, '', (chunk, row) => {
    const { operation, error, status, ok, durationUs } = rowOf(chunk, row);
    const time = isoTime(chunk.baseMs + (chunk.startUs[row] as number) / 1000);
    const tags = `{"error":"${error}","expected_response":"${ok}","method":"GET","name":"${operation}","proto":"HTTP/1.1","scenario":"checkout","status":"${status}","url":"https://shop.example.com/${operation}"}`;
    return `{"metric":"http_req_duration","type":"Point","data":{"time":"${time}","value":${durationUs / 1000},"tags":${tags}}}\n`;
  });
}

function rowOf(chunk: SampleChunk, row: number) {
  return {
    operation: chunk.names[chunk.operation[row] as number] ?? '',
    error: chunk.names[chunk.error[row] as number] ?? '',
    status: chunk.status[row] as number,
    ok: chunk.ok[row] === 1,
    durationUs: chunk.durationUs[row] as number,
  };
}

function writeLines(record: RunRecord, path: string, nth: number, header: string, lineOf: (chunk: SampleChunk, row: number) => string): void {
  const fd = openSync(path, 'w');
  let text = header;
  let index = 0;
  const flush = (): void => {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.byteLength; ) at += writeSync(fd, bytes, at);
    text = '';
  };
  record.forEachSampleChunk((chunk) => {
    for (let row = 0; row < chunk.count; row++) if (index++ % nth === 0) text += lineOf(chunk, row);
    if (text.length > flushAtChars) flush();
  });
  flush();
  closeSync(fd);
}
