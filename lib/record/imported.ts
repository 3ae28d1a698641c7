/** Version of `imported.json`; a reader refuses newer ones by name. */
export const importedVersion = 1;

/** What a file of results says of some requests, as it says it; what it does not say is absent. */
export interface ImportedRequests {
  readonly requests: number;
  readonly failed?: number;
  readonly latencyMs: { readonly [Quantile in ImportedQuantile]?: number };
}

export type ImportedQuantile = 'p50' | 'p90' | 'p95' | 'p99' | 'max';

/** Figures of a file that holds no samples: they cannot be cut, added up or tested, and are only as good as who wrote them. */
export interface ImportedFigures {
  readonly importedVersion: number;
  readonly all: ImportedRequests;
  readonly ratePerSec?: number;
  readonly operations: readonly ({ readonly operation: string } & ImportedRequests)[];
  readonly errors: readonly { readonly kind: string; readonly operation: string; readonly count: number }[];
  /** Starts of flows; `dropped` could not start. */
  readonly arrivals?: { readonly started: number; readonly dropped: number };
  /** Intervals of the file, ascending, where it has any. */
  readonly intervals: readonly ({ readonly atMs: number; readonly lengthSec: number } & ImportedRequests)[];
  /** How to get a quantile into the file that is not there. */
  readonly quantileAdvice: string;
}
