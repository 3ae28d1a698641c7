/** How the handler's part of an invocation went. */
export interface Outcome {
  readonly payload: string;
  readonly failed: boolean;
  readonly durationMs: number;
  /** `durationMs` without what the lab was late. */
  readonly modelledMs: number;
  readonly lines?: readonly string[];
  readonly timeoutLine?: string;
}
