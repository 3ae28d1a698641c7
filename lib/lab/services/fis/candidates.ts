import type { TargetCandidate } from '../../../models/fis/selection.ts';
import type { LabContext } from '../../contract.ts';

/** Lists the lab's resources of one FIS resource type, with their tags. */
type CandidateSource = (context: LabContext) => Promise<TargetCandidate[]>;

/** Where targets of each type are looked for; a type that is not here has no resources in the lab. */
const sources: Readonly<Record<string, CandidateSource>> = { 'aws:lambda:function': lambdaFunctions };

export function targetCandidates(context: LabContext, resourceType: string): Promise<TargetCandidate[]> {
  return sources[resourceType]?.(context) ?? Promise.resolve([]);
}

const caller = { kind: 'service', service: 'fis' } as const;

async function lambdaFunctions(context: LabContext): Promise<TargetCandidate[]> {
  const candidates: TargetCandidate[] = [];
  let marker: string | undefined;
  do {
    const listed: { Functions?: { FunctionArn?: string }[]; NextMarker?: string } = await context.call(
      'lambda',
      'ListFunctions',
      marker === undefined ? {} : { Marker: marker },
      caller,
    );
    for (const properties of listed.Functions ?? []) {
      const arn = properties.FunctionArn ?? '';
      const { Tags = {} } = await context.call<{ Tags?: Record<string, string> }>('lambda', 'ListTags', { Resource: arn }, caller);
      candidates.push({ arn, tags: Tags, properties });
    }
    marker = listed.NextMarker;
  } while (marker !== undefined);
  return candidates;
}
