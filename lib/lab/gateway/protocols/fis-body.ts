import { AwsError } from '../../../core/errors.ts';
import { mismatch } from './json-shapes.ts';

/** The JSON form of a member: a text, a list or a map of one form, or a structure whose other members may be anything. */
type Form = 'text' | { readonly list: Form } | { readonly map: Form } | { readonly members: Readonly<Record<string, Form>> };

const texts: Form = { map: 'text' };
const target: Form = {
  members: {
    resourceType: 'text',
    resourceArns: { list: 'text' },
    resourceTags: texts,
    filters: { list: { members: { path: 'text', values: { list: 'text' } } } },
    selectionMode: 'text',
    parameters: texts,
  },
};
const action: Form = { members: { actionId: 'text', description: 'text', parameters: texts, targets: texts, startAfter: { list: 'text' } } };

/** Members of the bodies of FIS's operations; FIS has no two of one name with different forms, save the ones left out here. */
const body: Form = {
  members: {
    clientToken: 'text',
    description: 'text',
    roleArn: 'text',
    experimentTemplateId: 'text',
    targets: { map: target },
    actions: { map: action },
    stopConditions: { list: { members: { source: 'text', value: 'text' } } },
    tags: texts,
    experimentOptions: { members: { accountTargeting: 'text', emptyTargetResolutionMode: 'text', actionsMode: 'text' } },
    state: { members: { status: 'text', reason: 'text' } },
  },
};

/** A body of FIS without its null members, which count as absent; SerializationException where a value has another type than FIS's. */
export function fisBody(json: unknown): Record<string, unknown> {
  return read(body, json) as Record<string, unknown>;
}

function read(form: Form, value: unknown): unknown {
  if (value === null) throw new AwsError('SerializationException', 'Unexpected null in a list or a map');
  if (form === 'text') {
    if (typeof value !== 'string') throw mismatch(value, 'String');
    return value;
  }
  if ('list' in form) {
    if (!Array.isArray(value)) throw mismatch(value, 'List');
    return value.map((each) => read(form.list, each));
  }
  if (typeof value !== 'object' || Array.isArray(value)) throw mismatch(value, 'Map');
  if ('map' in form) return Object.fromEntries(Object.entries(value as object).map(([key, each]) => [key, read(form.map, each)]));
  const present = Object.entries(value as object).filter(([, each]) => each !== null);
  return Object.fromEntries(present.map(([key, each]) => [key, Object.hasOwn(form.members, key) ? read(form.members[key] as Form, each) : each]));
}
