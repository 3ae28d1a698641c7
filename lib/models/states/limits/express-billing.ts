/** What an Express execution is billed by. */
export interface ExpressBilling {
  readonly durationStepMs: number;
  readonly memoryStepMb: number;
  readonly memoryBaseMb: number;
}

export interface ExpressBill {
  readonly billedDurationMs: number;
  /** Before it is rounded up. */
  readonly memoryMb: number;
  readonly billedMemoryMb: number;
  readonly gigabyteSeconds: number;
}

/** AWS's worked example reckons 400 x 32 KB + 50 KB as 12.85 MB. */
const bytesPerMb = 1024 * 1000;

/**
 * Bill of an Express execution: `ceil(duration / 100 ms)` x `ceil(memory / 64 MB)`, with `memory = 50 MB + definition + payload` as AWS's
 * worked example reckons. The example multiplies the payload by the steps of Parallel and Map states that run at once; here `payloadBytes`
 * is their sum already. Source: AWS Step Functions pricing page.
 */
export function expressBill(durationMs: number, definitionBytes: number, payloadBytes: number, billing: ExpressBilling): ExpressBill {
  const { durationStepMs, memoryStepMb, memoryBaseMb } = billing;
  const billedDurationMs = Math.max(1, Math.ceil(durationMs / durationStepMs)) * durationStepMs;
  const memoryMb = memoryBaseMb + (definitionBytes + payloadBytes) / bytesPerMb;
  const billedMemoryMb = Math.ceil(memoryMb / memoryStepMb) * memoryStepMb;
  return { billedDurationMs, memoryMb, billedMemoryMb, gigabyteSeconds: (billedMemoryMb / 1024) * (billedDurationMs / 1000) };
}
