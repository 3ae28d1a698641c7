import type { CatalogueMetric } from '../models/cloudwatch/metric-catalogue.ts';
import type { CollectedMetric, ResourceConfiguration } from '../record/types.ts';

/** One series that a run reads: everything of a CollectedMetric but what CloudWatch answers. */
export interface WantedSeries extends Omit<CollectedMetric, 'points' | 'witnessed' | 'complete'> {
  /** Metrics of the same namespace and resource whose points prove that an absent point of this one is 0. */
  readonly witnesses: readonly string[];
  /** One of many values of a dimension (operations of a table): left out of the record when it has no point at all. */
  readonly optional: boolean;
}

/** Every series of the catalogue for every resource that has it, and those of the account. */
export function wantedSeries(catalogue: readonly CatalogueMetric[], resources: readonly ResourceConfiguration[]): WantedSeries[] {
  const namespaces = new Set(
    catalogue.filter((metric) => resources.some(({ type }) => metric.resourceTypes.includes(type))).map(({ namespace }) => namespace),
  );
  return catalogue.flatMap((metric) => {
    if (metric.idDimension === undefined) return namespaces.has(metric.namespace) ? seriesOfOwner(metric, undefined) : [];
    const owners = resources.filter(({ type }) => metric.resourceTypes.includes(type));
    return owners.flatMap((owner) => seriesOfOwner(metric, owner));
  });
}

/** Of one resource, or of the account. */
function seriesOfOwner(metric: CatalogueMetric, owner: ResourceConfiguration | undefined): WantedSeries[] {
  const name = owner ? nameInMetrics(owner) : '';
  if (name === undefined) return [];
  const own = owner ? { [metric.idDimension ?? '']: name } : {};
  const logicalId = owner?.logicalId ?? '';
  const [each] = Object.entries(metric.eachOf);
  if (!each) return seriesOf(metric, logicalId, own, false);
  const [dimension, values] = each;
  const all = values !== '@indexes' ? values : owner ? indexNames(owner) : [];
  return all.flatMap((value) => seriesOf(metric, logicalId, { ...own, [dimension]: value }, values !== '@indexes'));
}

/**
 * What CloudWatch calls a resource: CloudFormation gives a queue's URL for its physical id, its metrics have the name at the end of it; a REST API's have its
 * name, which only the template tells. Undefined where it is not known.
 */
function nameInMetrics({ type, physicalId, configuration }: ResourceConfiguration): string | undefined {
  if (type === 'AWS::ApiGateway::RestApi') return typeof configuration['Name'] === 'string' ? configuration['Name'] : undefined;
  return type === 'AWS::SQS::Queue' ? physicalId.slice(physicalId.lastIndexOf('/') + 1) : physicalId;
}

function seriesOf(metric: CatalogueMetric, resource: string, dimensions: Readonly<Record<string, string>>, optional: boolean): WantedSeries[] {
  const { namespace, metric: name, unit, periodSec, density, witnesses } = metric;
  return metric.statistics.map((statistic) => ({
    namespace,
    metric: name,
    dimensions,
    statistic,
    unit,
    periodSec,
    resource,
    density,
    witnesses,
    optional,
  }));
}

/** Names of a table's global secondary indexes, as DescribeTable gives them. */
function indexNames({ configuration }: ResourceConfiguration): string[] {
  const indexes = configuration['GlobalSecondaryIndexes'];
  if (!Array.isArray(indexes)) return [];
  return indexes.map((index: { IndexName?: unknown }) => index.IndexName).filter((name) => typeof name === 'string');
}
