import { fisLimits } from '../../../models/fis/limits.ts';
import { checkTags } from '../../../models/fis/validate.ts';
import type { LabContext, Operation } from '../../contract.ts';
import { notFound } from './errors.ts';

interface TagInput {
  readonly resourceArn?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly tagKeys?: readonly string[];
}

/** TagResource, UntagResource and ListTagsForResource over everything that `tagsOf` finds by its ARN. */
export function tagOperations(context: LabContext, tagsOf: (arn: string) => Map<string, string> | undefined): Record<string, Operation> {
  const find = (arn: string | undefined): Map<string, string> => {
    const tags = tagsOf(arn ?? '');
    if (!tags) throw notFound(`The resource ${arn}`);
    return tags;
  };
  return {
    TagResource: {
      act: (input: TagInput) => {
        const tags = find(input.resourceArn);
        checkTags({ ...Object.fromEntries(tags), ...input.tags }, fisLimits(context.quotas));
        for (const [key, value] of Object.entries(input.tags ?? {})) tags.set(key, value);
        return {};
      },
    },
    UntagResource: {
      act: (input: TagInput) => {
        const tags = find(input.resourceArn);
        for (const key of input.tagKeys ?? [...tags.keys()]) tags.delete(key);
        return {};
      },
    },
    ListTagsForResource: { act: (input: TagInput) => ({ tags: Object.fromEntries(find(input.resourceArn)) }) },
  };
}
