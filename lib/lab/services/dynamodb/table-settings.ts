import type { Direction, Setting } from '../../../models/dynamodb/capacity.ts';
import type { Settings } from '../../../models/dynamodb/throughput.ts';

/** What dynalite's description of a table says of its throughput. */
export interface Description {
  readonly TableName: string;
  readonly TableArn: string;
  readonly KeySchema: readonly { readonly AttributeName: string; readonly KeyType: string }[];
  readonly BillingModeSummary?: { readonly BillingMode?: string };
  readonly ProvisionedThroughput?: ProvisionedUnits;
  readonly GlobalSecondaryIndexes?: readonly IndexDescription[];
  readonly LocalSecondaryIndexes?: readonly unknown[];
}

interface IndexDescription {
  readonly IndexName: string;
  readonly IndexArn: string;
  readonly KeySchema: Description['KeySchema'];
  readonly ProvisionedThroughput?: ProvisionedUnits;
}

export interface ProvisionedUnits {
  readonly ReadCapacityUnits: number;
  readonly WriteCapacityUnits: number;
}

/** Upper limits that an on-demand table or index sets itself. */
interface OnDemandThroughput {
  readonly MaxReadRequestUnits?: number;
  readonly MaxWriteRequestUnits?: number;
}

/** Units a second that a table or index shall take at once. */
interface WarmThroughput {
  readonly ReadUnitsPerSecond?: number;
  readonly WriteUnitsPerSecond?: number;
}

/** What inputs say of a table or an index beside what dynalite keeps of it. */
export interface ExtraSettings {
  readonly OnDemandThroughput?: OnDemandThroughput;
  readonly WarmThroughput?: WarmThroughput;
}

export function isOnDemand({ BillingModeSummary }: Pick<Description, 'BillingModeSummary'>): boolean {
  return BillingModeSummary?.BillingMode === 'PAY_PER_REQUEST';
}

/** The models' settings of a table, or of one of its indexes, from what is described of it. */
export function settingsOf(onDemand: boolean, provisioned: ProvisionedUnits | undefined, extra: ExtraSettings): Settings {
  const { ReadUnitsPerSecond: read, WriteUnitsPerSecond: write } = extra.WarmThroughput ?? {};
  return {
    read: settingOf(onDemand, provisioned, extra.OnDemandThroughput, 'read'),
    write: settingOf(onDemand, provisioned, extra.OnDemandThroughput, 'write'),
    warm: { ...(read === undefined ? {} : { read }), ...(write === undefined ? {} : { write }) },
  };
}

function settingOf(onDemand: boolean, provisioned: ProvisionedUnits | undefined, max: OnDemandThroughput | undefined, direction: Direction): Setting {
  if (!onDemand) {
    return { mode: 'provisioned', unitsPerSec: (direction === 'read' ? provisioned?.ReadCapacityUnits : provisioned?.WriteCapacityUnits) ?? 0 };
  }
  const maxPerSec = direction === 'read' ? max?.MaxReadRequestUnits : max?.MaxWriteRequestUnits;
  // AWS's -1 takes a maximum away.
  return { mode: 'on-demand', ...(maxPerSec === undefined || maxPerSec < 0 ? {} : { maxPerSec }) };
}
