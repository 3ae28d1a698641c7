import { AwsError } from '../../../core/errors.ts';
import type { Operation } from '../../contract.ts';
import type { Json } from './dynalite.ts';
import type { Table } from './table.ts';
import type { Tables } from './tables.ts';

interface TimeToLiveInput extends Json {
  readonly TableName: string;
  readonly TimeToLiveSpecification?: { readonly AttributeName: string; readonly Enabled: boolean };
}

interface BackupsInput extends Json {
  readonly TableName: string;
  readonly PointInTimeRecoverySpecification?: { readonly PointInTimeRecoveryEnabled?: boolean };
}

/** Settings that are kept and described, and do nothing here: nothing expires, nothing is backed up. */
export function upkeepOperations(tables: Tables): Record<string, Operation<never, Json>> {
  return { ...timeToLiveOperations(tables), ...backupOperations(tables) };
}

function timeToLiveOperations(tables: Tables): Record<string, Operation<TimeToLiveInput, Json>> {
  return {
    UpdateTimeToLive: {
      act: ({ TableName, TimeToLiveSpecification }) => {
        const table = existing(tables, TableName);
        if (!TimeToLiveSpecification?.AttributeName) throw new AwsError('ValidationException', 'TimeToLiveSpecification needs an AttributeName');
        if ((table.timeToLive?.Enabled ?? false) === TimeToLiveSpecification.Enabled) {
          throw new AwsError('ValidationException', `TimeToLive is already ${TimeToLiveSpecification.Enabled ? 'enabled' : 'disabled'}`);
        }
        table.timeToLive = TimeToLiveSpecification;
        return { TimeToLiveSpecification };
      },
    },
    DescribeTimeToLive: {
      act: ({ TableName }) => {
        const { timeToLive } = existing(tables, TableName);
        const TimeToLiveDescription = timeToLive?.Enabled
          ? { TimeToLiveStatus: 'ENABLED', AttributeName: timeToLive.AttributeName }
          : { TimeToLiveStatus: 'DISABLED' };
        return { TimeToLiveDescription };
      },
    },
  };
}

function backupOperations(tables: Tables): Record<string, Operation<BackupsInput, Json>> {
  return {
    UpdateContinuousBackups: {
      act: ({ TableName, PointInTimeRecoverySpecification }) => {
        const table = existing(tables, TableName);
        table.pointInTimeRecovery = PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled ?? false;
        return backupsOf(table);
      },
    },
    DescribeContinuousBackups: { act: ({ TableName }) => backupsOf(existing(tables, TableName)) },
  };
}

function backupsOf({ pointInTimeRecovery }: Table): Json {
  const PointInTimeRecoveryDescription = { PointInTimeRecoveryStatus: pointInTimeRecovery ? 'ENABLED' : 'DISABLED' };
  return { ContinuousBackupsDescription: { ContinuousBackupsStatus: 'ENABLED', PointInTimeRecoveryDescription } };
}

function existing(tables: Tables, name: string): Table {
  // dynalite, which has no such operations, refuses a name of another type, or none, as AWS does.
  if (typeof name !== 'string') tables.dynalite.run('DescribeTable', { TableName: name });
  const table = tables.find(name);
  if (!table) throw new AwsError('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);
  return table;
}
