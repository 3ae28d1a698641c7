import type { Numbers } from '../../../core/numbers.ts';
import type { CapacityRules, PerDirection } from '../../../models/dynamodb/capacity.ts';
import type { DecreaseRules } from '../../../models/dynamodb/decreases.ts';
import type { SwitchRules } from '../../../models/dynamodb/mode-switches.ts';
import type { PartitionRules } from '../../../models/dynamodb/partitions.ts';
import type { ThroughputRules } from '../../../models/dynamodb/throughput.ts';
import type { UnitRules } from '../../../models/dynamodb/units.ts';

/** The numbers of `config/quotas` that a table goes by. */
export interface TableRules {
  readonly throughput: ThroughputRules;
  readonly decreases: DecreaseRules;
  readonly switches: SwitchRules;
  readonly updateSec: number;
  /** Provisioned units a second that the account may have in all; one table or index: `throughput.capacity.tableMax`. */
  readonly accountMax: PerDirection;
}

export function unitRules(quotas: Numbers): UnitRules {
  return {
    readUnitBytes: quotas.number('dynamodb.read-unit-bytes'),
    writeUnitBytes: quotas.number('dynamodb.write-unit-bytes'),
    eventualFactor: quotas.number('dynamodb.eventual-read-factor'),
    transactionFactor: quotas.number('dynamodb.transaction-factor'),
  };
}

export function tableRules(quotas: Numbers): TableRules {
  return {
    throughput: { capacity: capacityRules(quotas), partition: partitionRules(quotas) },
    decreases: {
      freeADay: quotas.number('dynamodb.free-decreases-a-day'),
      intervalSec: quotas.number('dynamodb.decrease-interval-sec'),
    },
    switches: { most: quotas.number('dynamodb.mode-switches'), periodSec: quotas.number('dynamodb.mode-switch-period-sec') },
    updateSec: quotas.number('dynamodb.update-table-sec'),
    accountMax: perDirection(quotas, 'account-max'),
  };
}

function capacityRules(quotas: Numbers): CapacityRules {
  return {
    burstSec: quotas.number('dynamodb.burst-sec'),
    onDemandInitial: perDirection(quotas, 'on-demand-initial'),
    onDemandGrowth: quotas.number('dynamodb.on-demand-growth'),
    onDemandSettleSec: quotas.number('dynamodb.on-demand-settle-sec'),
    onDemandPeakSec: quotas.number('dynamodb.on-demand-peak-sec'),
    onDemandKeptSec: quotas.number('dynamodb.on-demand-kept-sec'),
    tableMax: perDirection(quotas, 'table-max'),
  };
}

function partitionRules(quotas: Numbers): PartitionRules {
  return {
    maxPerSec: perDirection(quotas, 'partition-max'),
    keptSec: quotas.number('dynamodb.partition-kept-sec'),
    maxBytes: quotas.number('dynamodb.partition-max-bytes'),
    heat: {
      delaySec: quotas.number('dynamodb.heat-split-delay-sec'),
      pauseSec: quotas.number('dynamodb.heat-pause-sec'),
    },
  };
}

function perDirection(quotas: Numbers, name: string): PerDirection {
  return { read: quotas.number(`dynamodb.${name}-read`), write: quotas.number(`dynamodb.${name}-write`) };
}
