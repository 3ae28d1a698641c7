import type {
  CreateStateMachineCommandInput,
  DeleteStateMachineCommandInput,
  DescribeStateMachineCommandInput,
  ListStateMachinesCommandInput,
  UpdateStateMachineCommandInput,
} from '@aws-sdk/client-sfn';
import { AwsError } from '../../../../core/errors.ts';
import { dateOf } from '../../../../core/time-format.ts';
import type { LabContext, Operation } from '../../../contract.ts';
import { pageOf } from '../../paging.ts';
import { arnOf } from '../arns.ts';
import { pageSize, required } from '../checks.ts';
import { invalidToken, validation } from '../errors.ts';
import type { Startable } from '../state-machine.ts';
import type { StateMachines } from '../state-machines.ts';
import { publishVersion } from './versions.ts';

/** CreateStateMachine, UpdateStateMachine, DeleteStateMachine, DescribeStateMachine, ListStateMachines. */
export function stateMachineOperations(context: LabContext, machines: StateMachines, remove: (arn: string) => void): Record<string, Operation> {
  return {
    CreateStateMachine: { act: (input: CreateStateMachineCommandInput) => create(context, machines, input) },
    UpdateStateMachine: { act: (input: UpdateStateMachineCommandInput) => update(context, machines, input) },
    DeleteStateMachine: {
      act: ({ stateMachineArn }: DeleteStateMachineCommandInput) => {
        remove(arnOf(required(stateMachineArn, 'stateMachineArn'), 'stateMachine').arn);
        return {};
      },
    },
    DescribeStateMachine: {
      act: ({ stateMachineArn, includedData }: DescribeStateMachineCommandInput) =>
        described(startableOf(machines, stateMachineArn), stateMachineArn ?? '', includedData !== 'METADATA_ONLY'),
    },
    ListStateMachines: {
      act: ({ maxResults, nextToken }: ListStateMachinesCommandInput) => {
        const page = pageOf(machines.list(), nextToken, pageSize(maxResults));
        if (!page) throw invalidToken();
        const stateMachines = page.items.map(({ arn, name, type, createdMs }) => ({
          ...{ stateMachineArn: arn, name, type, creationDate: dateOf(createdMs) },
        }));
        return { stateMachines, ...(page.next === undefined ? {} : { nextToken: page.next }) };
      },
    },
  };
}

function create(context: LabContext, machines: StateMachines, input: CreateStateMachineCommandInput): object {
  if (input.versionDescription !== undefined && !input.publish) {
    throw validation('Version description can only be set when publish is true');
  }
  const machine = machines.create(input);
  const version = input.publish ? publishVersion(context, machine, input.versionDescription) : undefined;
  return {
    stateMachineArn: machine.arn,
    creationDate: dateOf(machine.createdMs),
    ...(version ? { stateMachineVersionArn: version.arn } : {}),
  };
}

function update(context: LabContext, machines: StateMachines, input: UpdateStateMachineCommandInput): object {
  const machine = machines.get(input.stateMachineArn);
  const { definition, roleArn, loggingConfiguration, tracingConfiguration } = input;
  if (input.versionDescription !== undefined && !input.publish) {
    throw validation('Version description can only be set when publish is true');
  }
  if ([definition, roleArn, loggingConfiguration, tracingConfiguration].every((each) => each === undefined)) {
    throw new AwsError(
      'MissingRequiredParameter',
      'Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified',
    );
  }
  machines.update(machine, { definition, roleArn, loggingConfiguration, tracingConfiguration });
  const version = input.publish ? publishVersion(context, machine, input.versionDescription) : undefined;
  return {
    updateDate: dateOf(context.clock.now()),
    ...(machine.revision.id === undefined ? {} : { revisionId: machine.revision.id }),
    ...(version ? { stateMachineVersionArn: version.arn } : {}),
  };
}

/** What an ARN describes: a deleting state machine too, until it is gone. */
function startableOf(machines: StateMachines, arn: string | undefined): Startable {
  const parsed = arnOf(required(arn, 'stateMachineArn'), 'stateMachine');
  if (parsed.qualifier !== undefined) return machines.startable(arn);
  const machine = machines.get(arn);
  return { machine, revision: machine.revision };
}

function described({ machine, revision }: Startable, arn: string, includeData: boolean): object {
  return {
    ...{ stateMachineArn: arn, name: machine.name, type: machine.type, status: machine.deleting ? 'DELETING' : 'ACTIVE' },
    ...(includeData ? { definition: revision.text } : {}),
    ...{ roleArn: revision.roleArn, creationDate: dateOf(machine.createdMs) },
    ...{ loggingConfiguration: revision.logging, tracingConfiguration: revision.tracing },
    ...(revision.id === undefined ? {} : { revisionId: revision.id }),
  };
}
