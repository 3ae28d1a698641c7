import type { Usage } from '../contract.ts';

/** Sums what calls consumed, by resource and dimension; the cost of a run can be checked against it. */
export class Meter {
  readonly #totals = new Map<string, Map<string, number>>();

  add(usages: readonly Usage[]): void {
    for (const { resource, dimension, quantity } of usages) {
      let byDimension = this.#totals.get(resource);
      if (!byDimension) {
        byDimension = new Map();
        this.#totals.set(resource, byDimension);
      }
      byDimension.set(dimension, (byDimension.get(dimension) ?? 0) + quantity);
    }
  }

  /** Units that `resource` consumed so far in `dimension`, such as `dynamodb.write-request-unit`. */
  total(resource: string, dimension: string): number {
    return this.#totals.get(resource)?.get(dimension) ?? 0;
  }

  totals(): Usage[] {
    return [...this.#totals].flatMap(([resource, byDimension]) =>
      [...byDimension].map(([dimension, quantity]) => ({ resource, dimension, quantity })),
    );
  }
}
