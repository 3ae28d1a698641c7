import { ProofloadError } from '../../core/errors.ts';
import type { NumberStatus } from '../../core/numbers.ts';
import { isPeriod } from './periods.ts';
import { statisticNamed } from './statistics.ts';

/** How sure a statement of the catalogue is, as for every number of `config/`. */
interface Evidence {
  readonly source: string;
  readonly date: string;
  readonly status: NumberStatus;
}

/** One metric of CloudWatch that a run reads, and what is known of how its points come. */
export interface CatalogueMetric extends Evidence {
  readonly namespace: string;
  readonly metric: string;
  /** CloudFormation types of the resources that have it; empty for a metric of the whole account and region. */
  readonly resourceTypes: readonly string[];
  /** Dimension that holds the resource's physical id; absent for a metric of the account. */
  readonly idDimension?: string;
  /** Dimensions beside it: a list of values, or `@indexes` for each global secondary index of the table. */
  readonly eachOf: Readonly<Record<string, readonly string[] | '@indexes'>>;
  readonly statistics: readonly string[];
  readonly unit: string;
  readonly periodSec: number;
  /** How long after the end of a period its points may still come. */
  readonly lateness: Evidence & { readonly sec: number };
  /** A sparse metric has no point where nothing happened; a dense one has a point for each period in which its resource worked. */
  readonly density: 'sparse' | 'dense';
  /** Metrics of the same resource: a point of any of them in a period proves that an absent point means 0. Only for sparse metrics. */
  readonly witnesses: readonly string[];
}

type Raw = Readonly<Record<string, unknown>>;

/**
 * Checks one parsed file of `config/metrics`: `namespace`, `resourceTypes`, `idDimension`, defaults for `periodSec` and `lateness`, and `metrics`.
 * @throws ProofloadError `bad-metric-catalogue` naming file and metric
 */
export function checkedMetrics(content: unknown, file: string): CatalogueMetric[] {
  const head = objectOf(content, file);
  const metrics = head['metrics'];
  if (!Array.isArray(metrics)) throw bad(file, 'it has no list of metrics');
  const checked = metrics.map((raw, index) => checkedMetric(head, objectOf(raw, `${file}: metrics[${index}]`), file));
  const names = new Set(checked.map(({ metric }) => metric));
  for (const { metric, witnesses } of checked) {
    const unknown = witnesses.find((witness) => !names.has(witness));
    if (unknown) throw bad(`${file}: ${metric}`, `its witness ${unknown} is not a metric of the same file`);
  }
  return checked;
}

function checkedMetric(head: Raw, raw: Raw, file: string): CatalogueMetric {
  const metric = textOf(raw, 'metric', file);
  const where = `${file}: ${metric}`;
  const density = raw['density'];
  if (density !== 'sparse' && density !== 'dense') throw bad(where, 'density must be sparse or dense');
  const witnesses = textsOf(raw['witnesses'] ?? [], where);
  if (density === 'dense' && witnesses.length > 0) throw bad(where, 'a dense metric has no witnesses');
  const statistics = textsOf(raw['statistics'], where);
  const unknown = statistics.find((name) => !statisticNamed(name));
  if (unknown || statistics.length === 0) throw bad(where, `unknown statistic ${unknown ?? '(none given)'}`);
  const periodSec = raw['periodSec'] ?? head['periodSec'];
  if (typeof periodSec !== 'number' || !isPeriod(periodSec)) throw bad(where, 'periodSec must be a period of CloudWatch');
  const idDimension = raw['account'] === true ? undefined : textOf(head, 'idDimension', file);
  return {
    namespace: textOf(head, 'namespace', file),
    metric,
    resourceTypes: idDimension === undefined ? [] : textsOf(head['resourceTypes'], where),
    ...(idDimension === undefined ? {} : { idDimension }),
    eachOf: eachOf(raw['eachOf'] ?? {}, where),
    statistics,
    unit: textOf(raw, 'unit', where),
    periodSec,
    lateness: latenessOf(raw['lateness'] ?? head['lateness'], where),
    density,
    witnesses,
    ...evidenceOf({ ...head, ...raw }, where),
  };
}

function latenessOf(raw: unknown, where: string): CatalogueMetric['lateness'] {
  const lateness = objectOf(raw, `${where}: lateness`);
  const sec = lateness['sec'];
  if (typeof sec !== 'number' || sec < 0) throw bad(where, 'lateness needs sec, 0 or more');
  return { sec, ...evidenceOf(lateness, `${where}: lateness`) };
}

function evidenceOf(raw: Raw, where: string): Evidence {
  const status = raw['status'];
  if (status !== 'documented' && status !== 'measured' && status !== 'assumed') throw bad(where, 'status must be documented, measured or assumed');
  return { source: textOf(raw, 'source', where), date: textOf(raw, 'date', where), status };
}

function eachOf(raw: unknown, where: string): CatalogueMetric['eachOf'] {
  const entries = Object.entries(objectOf(raw, `${where}: eachOf`));
  return Object.fromEntries(entries.map(([name, values]) => [name, values === '@indexes' ? values : textsOf(values, where)]));
}

function objectOf(raw: unknown, where: string): Raw {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) throw bad(where, 'it must be a map');
  return raw as Raw;
}

function textOf(raw: Raw, name: string, where: string): string {
  const text = raw[name];
  if (typeof text !== 'string' || text === '') throw bad(where, `${name} is missing`);
  return text;
}

function textsOf(raw: unknown, where: string): string[] {
  if (!Array.isArray(raw) || !raw.every((each) => typeof each === 'string')) throw bad(where, 'it needs a list of names');
  return raw;
}

function bad(where: string, what: string): ProofloadError {
  return new ProofloadError('bad-metric-catalogue', `${where}: ${what}`, { hint: 'see the other files of config/metrics' });
}
