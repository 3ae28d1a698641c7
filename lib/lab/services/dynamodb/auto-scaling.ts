import { AwsError } from '../../../core/errors.ts';
import { type ScalingPolicy, type ScalingRules, TargetTracking } from '../../../models/dynamodb/auto-scaling.ts';
import type { Direction, PerDirection } from '../../../models/dynamodb/capacity.ts';
import type { Json } from './dynalite.ts';
import type { Table } from './table.ts';
import { listOf } from './table-input.ts';
import type { ProvisionedUnits } from './table-settings.ts';
import type { Tables } from './tables.ts';

/** What is scaled: one direction of a table, or of one of its global indexes. */
export interface Scalable {
  readonly tableName: string;
  readonly index: string | undefined;
  readonly direction: Direction;
  readonly minUnits: number;
  readonly maxUnits: number;
}

interface Target {
  readonly scalable: Scalable;
  tracking: TargetTracking | undefined;
  /** Units that had been consumed at the end of the last minute. */
  seenUnits: number;
}

const caller = { kind: 'service', service: 'application-autoscaling' } as const;

const minuteSec = 60;

/** Application Auto Scaling of provisioned tables: looks at each minute's consumption, and changes tables through their own API. */
export class AutoScaling {
  /** Utilisation that a policy may aim at, in percent. */
  readonly targets: { readonly least: number; readonly most: number };
  readonly #tables: Tables;
  readonly #rules: ScalingRules;
  readonly #targets = new Map<string, Target>();

  constructor(tables: Tables) {
    const { quotas } = tables.context;
    this.#tables = tables;
    this.targets = { least: quotas.number('dynamodb.auto-scaling-target-min'), most: quotas.number('dynamodb.auto-scaling-target-max') };
    this.#rules = {
      outMinutes: quotas.number('dynamodb.auto-scaling-out-minutes'),
      inMinutes: quotas.number('dynamodb.auto-scaling-in-minutes'),
      inMarginPercent: quotas.number('dynamodb.auto-scaling-in-margin'),
    };
  }

  add(id: string, scalable: Scalable): void {
    this.#targets.set(id, { scalable, tracking: undefined, seenUnits: 0 });
  }

  remove(id: string): void {
    this.#targets.delete(id);
  }

  /** Sets, or takes away, the policy of a target; false when there is no such target. */
  follow(id: string, policy: Omit<ScalingPolicy, 'minUnits' | 'maxUnits'> | undefined): boolean {
    const target = this.#targets.get(id);
    if (!target) return false;
    const { minUnits, maxUnits, tableName, index, direction } = target.scalable;
    target.tracking = policy && new TargetTracking(this.#rules, { ...policy, minUnits, maxUnits });
    target.seenUnits = this.#tables.find(tableName)?.part(index).consumedUnits[direction] ?? 0;
    return true;
  }

  /** Called once a minute. */
  minute(): void {
    const names = new Set([...this.#targets.values()].map(({ scalable }) => scalable.tableName));
    for (const name of names) {
      const table = this.#tables.find(name);
      if (table && !table.onDemand) this.#scale(table);
    }
  }

  #scale(table: Table): void {
    const description = this.#tables.dynalite.table(table.name) ?? {};
    const changes = new Map<string | undefined, Partial<PerDirection>>();
    for (const target of this.#targets.values()) {
      const { index, direction, tableName } = target.scalable;
      if (tableName !== table.name) continue;
      const wanted = this.#wanted(table, target, provisionedOf(description, index)[unitNames[direction]]);
      if (wanted !== undefined) changes.set(index, { ...changes.get(index), [direction]: wanted });
    }
    if (changes.size > 0) this.#update(table, description, changes);
  }

  #wanted(table: Table, target: Target, provisioned: number): number | undefined {
    const { index, direction } = target.scalable;
    const consumedUnits = table.part(index).consumedUnits[direction];
    const perSec = (consumedUnits - target.seenUnits) / minuteSec;
    target.seenUnits = consumedUnits;
    // A change that is under way shows in the next minutes.
    return table.before ? undefined : target.tracking?.minute(perSec, provisioned, this.#tables.nowMs());
  }

  #update(table: Table, description: Json, changes: ReadonlyMap<string | undefined, Partial<PerDirection>>): void {
    const throughput = (index: string | undefined): ProvisionedUnits => {
      const now = provisionedOf(description, index);
      const { read = now.ReadCapacityUnits, write = now.WriteCapacityUnits } = changes.get(index) ?? {};
      return { ReadCapacityUnits: read, WriteCapacityUnits: write };
    };
    const indexes = [...changes.keys()].filter((index) => index !== undefined);
    const input = {
      TableName: table.name,
      ...(changes.has(undefined) ? { ProvisionedThroughput: throughput(undefined) } : {}),
      ...(indexes.length > 0
        ? { GlobalSecondaryIndexUpdates: indexes.map((IndexName) => ({ Update: { IndexName, ProvisionedThroughput: throughput(IndexName) } })) }
        : {}),
    };
    // A table may have had its decreases for the hour: then the next minutes try again.
    this.#tables.context.call('dynamodb', 'UpdateTable', input, caller).catch((thrown) => {
      if (!(thrown instanceof AwsError)) throw thrown;
    });
  }
}

const unitNames = { read: 'ReadCapacityUnits', write: 'WriteCapacityUnits' } as const;

function provisionedOf(description: Json, index: string | undefined): ProvisionedUnits {
  const part = index === undefined ? description : listOf(description['GlobalSecondaryIndexes']).find(({ IndexName }) => IndexName === index);
  return (part?.['ProvisionedThroughput'] as ProvisionedUnits | undefined) ?? { ReadCapacityUnits: 0, WriteCapacityUnits: 0 };
}
