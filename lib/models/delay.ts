/**
 * Whole milliseconds for which a timer must be set so that a wait of `remainingMs` is right on average: timers only know
 * whole milliseconds, so the rest below one is rounded up with the probability of its size (`uniform` in [0, 1) decides).
 * 0 means that nothing is left to wait for.
 */
export function timerMs(remainingMs: number, uniform: number): number {
  return remainingMs <= 0 ? 0 : Math.floor(remainingMs + uniform);
}
