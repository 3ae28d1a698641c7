import type {
  CreateEventSourceMappingCommandInput,
  DeleteEventSourceMappingCommandInput,
  EventSourceMappingConfiguration,
  GetEventSourceMappingCommandInput,
  ListEventSourceMappingsCommandInput,
  UpdateEventSourceMappingCommandInput,
} from '@aws-sdk/client-lambda';
import type { Operation } from '../../../contract.ts';
import { pageOf } from '../../paging.ts';
import { invalidParameter } from '../errors.ts';
import { refuseOthers } from '../refuse-others.ts';
import { descriptionOf } from './mapping.ts';
import type { Mappings } from './mappings.ts';

const settings = ['Enabled', 'BatchSize', 'MaximumBatchingWindowInSeconds', 'FunctionResponseTypes', 'ScalingConfig'];
/** Tags are taken and not kept. */
const createMembers: ReadonlySet<string> = new Set(['EventSourceArn', 'FunctionName', 'Tags', ...settings]);
const updateMembers: ReadonlySet<string> = new Set(['UUID', 'FunctionName', ...settings]);

/** AWS lists 100 mappings at most in one answer. */
const pageSize = 100;

export function createEventSourceMapping(mappings: Mappings): Operation<CreateEventSourceMappingCommandInput, EventSourceMappingConfiguration> {
  return {
    async act(input) {
      refuseOthers(input, createMembers);
      return descriptionOf(await mappings.create(input));
    },
  };
}

export function getEventSourceMapping(mappings: Mappings): Operation<GetEventSourceMappingCommandInput, EventSourceMappingConfiguration> {
  return { act: ({ UUID }) => descriptionOf(mappings.get(UUID)) };
}

export function listEventSourceMappings(
  mappings: Mappings,
): Operation<ListEventSourceMappingsCommandInput, { EventSourceMappings: EventSourceMappingConfiguration[]; NextMarker?: string }> {
  return {
    act({ EventSourceArn, FunctionName, Marker, MaxItems }) {
      const page = pageOf(mappings.list(EventSourceArn, FunctionName), Marker, Math.min(MaxItems ?? pageSize, pageSize));
      if (!page) throw invalidParameter('Invalid Marker');
      return { EventSourceMappings: page.items.map(descriptionOf), ...(page.next === undefined ? {} : { NextMarker: page.next }) };
    },
  };
}

export function updateEventSourceMapping(mappings: Mappings): Operation<UpdateEventSourceMappingCommandInput, EventSourceMappingConfiguration> {
  return {
    act(input) {
      refuseOthers(input, updateMembers);
      const mapping = mappings.get(input.UUID);
      mappings.update(mapping, input);
      return descriptionOf(mapping);
    },
  };
}

export function deleteEventSourceMapping(mappings: Mappings): Operation<DeleteEventSourceMappingCommandInput, EventSourceMappingConfiguration> {
  return {
    act({ UUID }) {
      const mapping = mappings.get(UUID);
      mappings.remove(mapping);
      return descriptionOf(mapping);
    },
  };
}
