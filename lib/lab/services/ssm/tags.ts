import type { Tag } from '@aws-sdk/client-ssm';
import { AwsError } from '../../../core/errors.ts';
import type { Operation } from '../../contract.ts';
import { required } from './errors.ts';

export type Tags = Map<string, string>;

/** Finds the tags of one kind of resource (`Parameter`, `Document`, `Automation`) by its id. */
export type TagsOf = Readonly<Record<string, (id: string) => Tags | undefined>>;

interface TagInput {
  readonly ResourceType?: string;
  readonly ResourceId?: string;
  readonly Tags?: readonly Tag[];
  readonly TagKeys?: readonly string[];
}

export function tagMap(tags: readonly Tag[] | undefined): Tags {
  return new Map((tags ?? []).map((tag) => [tag.Key ?? '', tag.Value ?? '']));
}

export function tagList(tags: Tags): Tag[] {
  return [...tags].map(([Key, Value]) => ({ Key, Value }));
}

/** AddTagsToResource, RemoveTagsFromResource, ListTagsForResource. */
export function tagOperations(tagsOf: TagsOf): Record<string, Operation<TagInput>> {
  const find = (input: TagInput): Tags => {
    const kind = required(input.ResourceType, 'resourceType');
    const lookup = tagsOf[kind];
    if (!lookup) throw new AwsError('InvalidResourceType', `The resource type ${kind} has no tags in the lab.`);
    const tags = lookup(required(input.ResourceId, 'resourceId'));
    if (!tags) throw new AwsError('InvalidResourceId', `The resource ${input.ResourceId} does not exist.`);
    return tags;
  };
  return {
    AddTagsToResource: {
      act: (input) => {
        const tags = find(input);
        for (const [key, value] of tagMap(input.Tags)) tags.set(key, value);
        return {};
      },
    },
    RemoveTagsFromResource: {
      act: (input) => {
        const tags = find(input);
        for (const key of input.TagKeys ?? []) tags.delete(key);
        return {};
      },
    },
    ListTagsForResource: { act: (input) => ({ TagList: tagList(find(input)) }) },
  };
}
