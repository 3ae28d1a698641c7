/** Billed duration: handler and Init Duration together (billed since 2025-08-01), rounded up to the millisecond. */
export function billedDurationMs(durationMs: number, initMs: number): number {
  return Math.ceil(durationMs + initMs);
}

/** Gigabyte-seconds of one invocation. */
export function gigabyteSeconds(memoryMb: number, billedMs: number): number {
  return (memoryMb / 1024) * (billedMs / 1000);
}
