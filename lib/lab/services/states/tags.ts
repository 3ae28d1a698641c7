import type { Tag } from '@aws-sdk/client-sfn';
import type { Operation } from '../../contract.ts';
import { required } from './checks.ts';
import { resourceNotFound, tooManyTags } from './errors.ts';

interface TagInput {
  readonly resourceArn?: string;
  readonly tags?: readonly Tag[];
  readonly tagKeys?: readonly string[];
}

/** Adds `added` to `tags`; TooManyTags, and nothing added, when they would be more than `max`. */
export function addTags(tags: Map<string, string>, added: readonly Tag[] | undefined, arn: string, max: number): void {
  const entries = (added ?? []).map(({ key, value }): [string, string] => [key ?? '', value ?? '']);
  if (new Map([...tags, ...entries]).size > max) throw tooManyTags(arn);
  for (const [key, value] of entries) tags.set(key, value);
}

/** TagResource, UntagResource and ListTagsForResource over what `tagsOf` finds. */
export function tagOperations(tagsOf: (arn: string) => Map<string, string> | undefined, max: number): Record<string, Operation<TagInput>> {
  const find = (arn: string | undefined): Map<string, string> => {
    const tags = tagsOf(required(arn, 'resourceArn'));
    if (!tags) throw resourceNotFound(arn ?? '');
    return tags;
  };
  return {
    TagResource: {
      act: ({ resourceArn, tags }) => {
        addTags(find(resourceArn), tags, resourceArn ?? '', max);
        return {};
      },
    },
    UntagResource: {
      act: ({ resourceArn, tagKeys }) => {
        const tags = find(resourceArn);
        for (const key of tagKeys ?? []) tags.delete(key);
        return {};
      },
    },
    ListTagsForResource: { act: ({ resourceArn }) => ({ tags: [...find(resourceArn)].map(([key, value]) => ({ key, value })) }) },
  };
}
