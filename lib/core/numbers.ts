import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ProofloadError } from './errors.ts';

/** How sure a number is: AWS says so; somebody measured it; nobody knows and we chose. */
export type NumberStatus = 'documented' | 'measured' | 'assumed';

/** One value of `config/`: a number, or a table of them (quantiles, tiers), with where it comes from. */
export interface NumberEntry {
  readonly value: number | Readonly<Record<string, number>>;
  readonly unit: string;
  readonly source: string;
  /** ISO date on which the source said so. */
  readonly date: string;
  readonly status: NumberStatus;
}

/**
 * The numbers of one folder of `config/` (quotas, prices, latency), by key such as `lambda.account-concurrency`.
 * It remembers which were read, so that a verdict can say on how many documented and assumed numbers it rests.
 */
export class Numbers {
  readonly #entries: Map<string, NumberEntry>;
  readonly #used = new Set<string>();

  constructor(entries: Iterable<readonly [string, NumberEntry]>) {
    this.#entries = new Map(entries);
  }

  /** Reads every `*.yaml` of `folder`; each file maps keys to entries. */
  static fromFolder(folder: string): Numbers {
    const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
    return new Numbers(files.sort().flatMap((file) => entriesOf(join(folder, file))));
  }

  /** Reads one file, where there is one a region (`config/prices/us-east-1.yaml`). */
  static fromFile(path: string): Numbers {
    return new Numbers(entriesOf(path));
  }

  /** The same numbers with `overrides` (a site's raised quotas, a customer's discounts) laid over them. */
  with(overrides: Readonly<Record<string, number | Readonly<Record<string, number>>>>, source: string, date: string): Numbers {
    const merged = new Map(this.#entries);
    for (const [key, value] of Object.entries(overrides)) {
      const known = merged.get(key);
      if (!known)
        throw new ProofloadError('unknown-number', `${source} sets ${key}, which no file of config/ knows`, {
          hint: `use one of: ${[...merged.keys()].join(', ')}`,
        });
      // Whoever sets a number that nobody knows says what to reckon with; that does not make it known.
      const status = known.status === 'assumed' ? 'assumed' : 'documented';
      merged.set(key, { ...known, value, source, date, status });
    }
    return new Numbers(merged);
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  /** The single number `key`. */
  number(key: string): number {
    const { value } = this.entry(key);
    if (typeof value !== 'number') throw new TypeError(`${key} is a table, not a number`);
    return value;
  }

  /** The table `key`, such as `{ p50: 12, p99: 40 }`. */
  table(key: string): Readonly<Record<string, number>> {
    const { value } = this.entry(key);
    if (typeof value === 'number') throw new TypeError(`${key} is a number, not a table`);
    return value;
  }

  entry(key: string): NumberEntry {
    const entry = this.#entries.get(key);
    if (!entry) throw new ProofloadError('unknown-number', `no number ${key} in config/`, { exit: 'internal' });
    this.#used.add(key);
    return entry;
  }

  keys(): string[] {
    return [...this.#entries.keys()];
  }

  /** What was read so far, for the verdict's scope. */
  used(): { key: string; entry: NumberEntry }[] {
    return [...this.#used].sort().map((key) => ({ key, entry: this.#entries.get(key) as NumberEntry }));
  }
}

function entriesOf(path: string): [string, NumberEntry][] {
  const entries = (parse(readFileSync(path, 'utf8')) ?? {}) as Record<string, unknown>;
  return Object.entries(entries).map(([key, entry]) => [key, checkedEntry(entry, `${path}: ${key}`)]);
}

function checkedEntry(raw: unknown, where: string): NumberEntry {
  const entry = raw as Partial<NumberEntry> | null;
  const isTable = typeof entry?.value === 'object' && entry.value !== null && Object.values(entry.value).every((each) => typeof each === 'number');
  const complete = (typeof entry?.value === 'number' || isTable) && entry?.unit && entry.source && entry.date;
  if (!complete || !['documented', 'measured', 'assumed'].includes(entry.status ?? '')) {
    throw new ProofloadError(
      'bad-number',
      `${where} needs value (a number, or a table of numbers), unit, source, date and status (documented, measured or assumed)`,
    );
  }
  return { ...(entry as NumberEntry), date: String(entry.date) };
}
