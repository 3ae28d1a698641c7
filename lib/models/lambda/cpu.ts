/**
 * CPU is modelled, not enforced: Lambda gives a function `memory / 1769 MB` of a vCPU, so its CPU time takes
 * `max(1, 1769 / memory)` times as long; above 1,769 MB a single thread gains nothing.
 * duration = awaited time + CPU time x calibration x max(1, vcpuAtMb / memoryMb)
 * Assumption: Lambda's share is spread evenly, where the real scheduler grants it in slices of 20 ms.
 */
export function cpuFactor(memoryMb: number, vcpuAtMb: number): number {
  return Math.max(1, vcpuAtMb / memoryMb);
}

/** Milliseconds by which a reply must be later than measured here, so that its CPU time counts as much as on Lambda; never negative. */
export function extraCpuMs(cpuMs: number, memoryMb: number, vcpuAtMb: number, calibration: number): number {
  return Math.max(0, (cpuFactor(memoryMb, vcpuAtMb) * calibration - 1) * cpuMs);
}

/** CPU time of one invocation, learnt from those that ran alone in their host: the mean of the last 20 or so, quick to start. */
export class CpuEstimate {
  #meanMs = 0;
  #count = 0;

  add(cpuMs: number): void {
    this.#count++;
    this.#meanMs += (cpuMs - this.#meanMs) / Math.min(this.#count, 20);
  }

  /** 0 until something was measured. */
  get meanMs(): number {
    return this.#meanMs;
  }
}
