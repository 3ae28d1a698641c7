import type {
  CreateStateMachineAliasCommandInput,
  DeleteStateMachineAliasCommandInput,
  DescribeStateMachineAliasCommandInput,
  ListStateMachineAliasesCommandInput,
  RoutingConfigurationListItem,
  UpdateStateMachineAliasCommandInput,
} from '@aws-sdk/client-sfn';
import { dateOf } from '../../../../core/time-format.ts';
import type { LabContext, Operation } from '../../../contract.ts';
import { pageOf } from '../../paging.ts';
import { arnOf } from '../arns.ts';
import { checkedName, pageSize, required } from '../checks.ts';
import { conflict, invalidToken, quotaExceeded, resourceNotFound, stateMachineDeleting, validation } from '../errors.ts';
import type { Alias, Route, StateMachine } from '../state-machine.ts';
import type { StateMachines } from '../state-machines.ts';

/** Operations on aliases: names that route starts to one version, or to two by weight. */
export function aliasOperations(context: LabContext, machines: StateMachines): Record<string, Operation> {
  return {
    CreateStateMachineAlias: {
      act: (input: CreateStateMachineAliasCommandInput) => {
        const { arn, createdMs } = createAlias(context, machines, input);
        return { stateMachineAliasArn: arn, creationDate: dateOf(createdMs) };
      },
    },
    UpdateStateMachineAlias: {
      act: (input: UpdateStateMachineAliasCommandInput) => {
        const { machine, alias } = find(machines, input.stateMachineAliasArn);
        if (input.description === undefined && input.routingConfiguration === undefined) {
          throw validation('Either the description or the routingConfiguration must be specified.', 'MISSING_REQUIRED_PARAMETER');
        }
        if (input.routingConfiguration) alias.routes = checkedRoutes(machine, input.routingConfiguration);
        alias.description = input.description ?? alias.description;
        alias.updatedMs = context.clock.now();
        return { updateDate: dateOf(alias.updatedMs) };
      },
    },
    DeleteStateMachineAlias: {
      act: ({ stateMachineAliasArn }: DeleteStateMachineAliasCommandInput) => {
        const { machine, alias } = find(machines, stateMachineAliasArn);
        machine.aliases.delete(alias.name);
        return {};
      },
    },
    DescribeStateMachineAlias: {
      act: ({ stateMachineAliasArn }: DescribeStateMachineAliasCommandInput) => described(find(machines, stateMachineAliasArn).alias),
    },
    ListStateMachineAliases: {
      act: ({ stateMachineArn, maxResults, nextToken }: ListStateMachineAliasesCommandInput) => {
        const page = pageOf([...machines.get(stateMachineArn).aliases.values()], nextToken, pageSize(maxResults));
        if (!page) throw invalidToken();
        const stateMachineAliases = page.items.map(({ arn, createdMs }) => ({ stateMachineAliasArn: arn, creationDate: dateOf(createdMs) }));
        return { stateMachineAliases, ...(page.next === undefined ? {} : { nextToken: page.next }) };
      },
    },
  };
}

/** Creates it, or gives back the one of the same name that routes alike. */
export function createAlias({ quotas, clock }: LabContext, machines: StateMachines, input: CreateStateMachineAliasCommandInput): Alias {
  const name = checkedName(input.name);
  if (/^\d+$/.test(name)) throw validation(`Invalid alias name '${name}': it must not be a number.`);
  const [first] = required(input.routingConfiguration, 'routingConfiguration');
  const { arn: machineArn } = arnOf(required(first?.stateMachineVersionArn, 'routingConfiguration.1.member.stateMachineVersionArn'), 'stateMachine');
  const machine = machines.find(machineArn);
  if (!machine) throw resourceNotFound(machineArn);
  if (machine.deleting) throw stateMachineDeleting(machineArn);
  const routes = checkedRoutes(machine, input.routingConfiguration ?? []);
  const existing = machine.aliases.get(name);
  if (existing) {
    const same = existing.description === input.description && JSON.stringify(existing.routes) === JSON.stringify(routes);
    if (!same) throw conflict('Failed to create alias because an alias with the same name and a different routing configuration already exists.');
    return existing;
  }
  const max = quotas.number('states.aliases');
  if (machine.aliases.size >= max) throw quotaExceeded(`The maximum number of aliases of a state machine has been reached: ${max}.`);
  const nowMs = clock.now();
  const alias = { name, arn: `${machine.arn}:${name}`, createdMs: nowMs, updatedMs: nowMs, description: input.description, routes };
  machine.aliases.set(name, alias);
  return alias;
}

function checkedRoutes(machine: StateMachine, configuration: readonly RoutingConfigurationListItem[]): Route[] {
  const reason = 'INVALID_ROUTING_CONFIGURATION';
  const routes = configuration.map(({ stateMachineVersionArn = '', weight = 0 }) => ({ versionArn: stateMachineVersionArn, weight }));
  if (routes.length < 1 || routes.length > 2) throw validation('The routing configuration must have one or two versions.', reason);
  if (routes.reduce((sum, { weight }) => sum + weight, 0) !== 100) throw validation('The sum of the weights must be 100.', reason);
  if (new Set(routes.map(({ versionArn }) => versionArn)).size < routes.length) throw validation('The versions must be different.', reason);
  for (const { versionArn } of routes) {
    if (arnOf(versionArn, 'stateMachine').arn !== machine.arn) throw validation('The versions must be of one state machine.', reason);
    if (!machine.versions.some(({ arn }) => arn === versionArn)) throw resourceNotFound(versionArn);
  }
  return routes;
}

function find(machines: StateMachines, aliasArn: string | undefined): { machine: StateMachine; alias: Alias } {
  const parsed = arnOf(required(aliasArn, 'stateMachineAliasArn'), 'stateMachine');
  const machine = machines.find(parsed.arn);
  const alias = machine?.aliases.get(parsed.qualifier ?? '');
  if (!machine || !alias) throw resourceNotFound(aliasArn ?? '');
  return { machine, alias };
}

function described(alias: Alias): object {
  return {
    ...{ stateMachineAliasArn: alias.arn, name: alias.name, creationDate: dateOf(alias.createdMs), updateDate: dateOf(alias.updatedMs) },
    ...(alias.description === undefined ? {} : { description: alias.description }),
    routingConfiguration: alias.routes.map(({ versionArn, weight }) => ({ stateMachineVersionArn: versionArn, weight })),
  };
}
