import type { TargetCandidate } from '../../../models/fis/selection.ts';
import type { TemplateTarget } from '../../../models/fis/types.ts';
import type { LabContext } from '../../contract.ts';

/** Lists the lab's resources of one FIS resource type, with their tags. */
type CandidateSource = (context: LabContext, target: TemplateTarget) => Promise<TargetCandidate[]>;

/** Where targets of each type are looked for; a type that is not here has no resources in the lab. */
const sources: Readonly<Record<string, CandidateSource>> = { 'aws:lambda:function': lambdaFunctions };

export function targetCandidates(context: LabContext, target: TemplateTarget): Promise<TargetCandidate[]> {
  return sources[target.resourceType]?.(context, target) ?? Promise.resolve([]);
}

const caller = { kind: 'service', service: 'fis' } as const;

/** Functions that have the version or alias which the target's `functionQualifier` names, if it names one. */
async function lambdaFunctions(context: LabContext, { parameters = {} }: TemplateTarget): Promise<TargetCandidate[]> {
  const qualifier = parameters['functionQualifier'];
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
      if (qualifier !== undefined && !(await hasQualifier(context, arn, qualifier))) continue;
      const { Tags = {} } = await context.call<{ Tags?: Record<string, string> }>('lambda', 'ListTags', { Resource: arn }, caller);
      candidates.push({ arn, tags: Tags, properties });
    }
    marker = listed.NextMarker;
  } while (marker !== undefined);
  return candidates;
}

function hasQualifier(context: LabContext, FunctionName: string, Qualifier: string): Promise<boolean> {
  return context.call('lambda', 'GetFunctionConfiguration', { FunctionName, Qualifier }, caller).then(
    () => true,
    () => false,
  );
}
