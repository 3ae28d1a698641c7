/** What is known of an invocation once it is over. */
export interface InvocationReport {
  readonly requestId: string;
  /** The response, or AWS's error payload; JSON. */
  readonly payload: string;
  readonly failed: boolean;
  /** Lab time of its start. */
  readonly startedAtMs: number;
  /** Of the handler, as billed and published. */
  readonly durationMs: number;
  /** Init Duration, when the environment started cold. */
  readonly initMs?: number;
  readonly billedMs: number;
  readonly memoryMb: number;
  /** Wall milliseconds that the models meant it to take, from arrival to answer. */
  readonly modelledMs: number;
  /** What the handler logged. */
  readonly lines?: readonly string[];
  /** "Task timed out ..." where it did. */
  readonly timeoutLine?: string;
}

/** Attached to the output of Invoke for the meter and for services that invoke functions; it never reaches the wire. */
export const invocationReport = Symbol('invocation report');

export interface WithReport {
  readonly [invocationReport]?: InvocationReport;
}

/**
 * The log of one invocation as Lambda writes it in text format. `Max Memory Used` is left out: environments share a process here, so
 * it is not known.
 */
function logText(report: InvocationReport): string {
  const { requestId, durationMs, billedMs, memoryMb, initMs } = report;
  const init = initMs === undefined ? '' : `Init Duration: ${initMs.toFixed(2)} ms\t`;
  const summary = `Duration: ${durationMs.toFixed(2)} ms\tBilled Duration: ${billedMs} ms\tMemory Size: ${memoryMb} MB\t${init}`;
  const lines = [
    `START RequestId: ${requestId} Version: $LATEST`,
    ...(report.lines ?? []),
    ...(report.timeoutLine === undefined ? [] : [report.timeoutLine, '']),
    `END RequestId: ${requestId}`,
    `REPORT RequestId: ${requestId}\t${summary}`,
  ];
  return `${lines.join('\n')}\n`;
}

/** The last `bytes` bytes of the log, base64: `LogResult` of Invoke. */
export function logTail(report: InvocationReport, bytes: number): string {
  return Buffer.from(logText(report)).subarray(-bytes).toString('base64');
}
