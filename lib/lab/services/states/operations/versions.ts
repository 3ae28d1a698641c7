import type {
  DeleteStateMachineVersionCommandInput,
  ListStateMachineVersionsCommandInput,
  PublishStateMachineVersionCommandInput,
} from '@aws-sdk/client-sfn';
import { dateOf } from '../../../../core/time-format.ts';
import type { LabContext, Operation } from '../../../contract.ts';
import { pageOf } from '../../paging.ts';
import { arnOf } from '../arns.ts';
import { pageSize, required } from '../checks.ts';
import { conflict, invalidToken, quotaExceeded, stateMachineDeleting, stateMachineDoesNotExist, validation } from '../errors.ts';
import type { StateMachine, Version } from '../state-machine.ts';
import type { StateMachines } from '../state-machines.ts';

/** Publishes the latest revision; gives back the version that it has already, where it has one. */
export function publishVersion({ quotas, clock }: LabContext, machine: StateMachine, description: string | undefined): Version {
  const existing = machine.versions.find(({ revision }) => revision === machine.revision);
  if (existing) return existing;
  const max = quotas.number('states.versions');
  if (machine.versions.length >= max) throw quotaExceeded(`The maximum number of versions of a state machine has been reached: ${max}.`);
  const number = machine.nextVersion++;
  const version = { number, arn: `${machine.arn}:${number}`, description, createdMs: clock.now(), revision: machine.revision };
  machine.versions.push(version);
  return version;
}

/** PublishStateMachineVersion, DeleteStateMachineVersion, ListStateMachineVersions. */
export function versionOperations(context: LabContext, machines: StateMachines): Record<string, Operation> {
  return {
    PublishStateMachineVersion: {
      act: ({ stateMachineArn, revisionId, description }: PublishStateMachineVersionCommandInput) => {
        const machine = machines.get(stateMachineArn);
        if (machine.deleting) throw stateMachineDeleting(machine.arn);
        const current = machine.revision.id ?? 'INITIAL';
        if (revisionId !== undefined && revisionId !== current) {
          const why = `The current State Machine revision is ${current}.`;
          throw conflict(`Failed to publish the State Machine version for revision ${revisionId}. ${why}`);
        }
        const { arn, createdMs } = publishVersion(context, machine, description);
        return { stateMachineVersionArn: arn, creationDate: dateOf(createdMs) };
      },
    },
    DeleteStateMachineVersion: {
      act: ({ stateMachineVersionArn }: DeleteStateMachineVersionCommandInput) => {
        removeVersion(machines, required(stateMachineVersionArn, 'stateMachineVersionArn'));
        return {};
      },
    },
    ListStateMachineVersions: {
      act: ({ stateMachineArn, maxResults, nextToken }: ListStateMachineVersionsCommandInput) => {
        const newestFirst = [...machines.get(stateMachineArn).versions].reverse();
        const page = pageOf(newestFirst, nextToken, pageSize(maxResults));
        if (!page) throw invalidToken();
        const stateMachineVersions = page.items.map(({ arn, createdMs }) => ({ stateMachineVersionArn: arn, creationDate: dateOf(createdMs) }));
        return { stateMachineVersions, ...(page.next === undefined ? {} : { nextToken: page.next }) };
      },
    },
  };
}

/** Deleting what is not there succeeds, as AWS has it; a version that an alias routes to stays. */
export function removeVersion(machines: StateMachines, versionArn: string): void {
  const parsed = arnOf(versionArn, 'stateMachine');
  if (!/^\d+$/.test(parsed.qualifier ?? '')) throw validation('The ARN is not that of a state machine version.');
  const machine = machines.find(parsed.arn);
  if (!machine) throw stateMachineDoesNotExist(parsed.arn);
  const aliases = [...machine.aliases.values()].filter(({ routes }) => routes.some((route) => route.versionArn === versionArn));
  if (aliases.length > 0) {
    const names = aliases.map(({ name }) => name).join(', ');
    throw conflict(`Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: [${names}]`);
  }
  const at = machine.versions.findIndex(({ arn }) => arn === versionArn);
  if (at >= 0) machine.versions.splice(at, 1);
}
