import { invalidArn } from './errors.ts';

/** What follows `arn:<partition>:states:<region>:<account>:`. */
export type StatesArn =
  | { readonly kind: 'stateMachine'; readonly name: string; readonly qualifier: string | undefined; readonly arn: string }
  | { readonly kind: 'execution'; readonly machine: string; readonly name: string }
  | { readonly kind: 'activity'; readonly name: string }
  | { readonly kind: 'express' | 'mapRun' };

/** Reads an ARN of Step Functions; InvalidArn with AWS's words for anything else. */
function parseArn(arn: string): StatesArn {
  const parts = arn.split(':');
  if (parts[0] !== 'arn') throw invalidArn(`Invalid ARN prefix: ${arn}`);
  const [, , service, , , kind, first, second] = parts;
  if (service !== 'states' || first === undefined || first === '') throw invalidArn(`Invalid ARN: ${arn}`);
  switch (kind) {
    case 'stateMachine':
      return { kind, name: first, qualifier: second, arn: parts.slice(0, 7).join(':') };
    case 'execution':
      if (second === undefined) throw invalidArn(`Invalid ARN: ${arn}`);
      return { kind, machine: first, name: second };
    case 'activity':
      return { kind, name: first };
    case 'express':
    case 'mapRun':
      return { kind };
    default:
      throw invalidArn(`Resource type not valid in this context: ${kind}`);
  }
}

/** The ARN of a kind that an operation takes; InvalidArn for another kind. */
export function arnOf<Kind extends StatesArn['kind']>(arn: string, kind: Kind): Extract<StatesArn, { kind: Kind }> {
  const parsed = parseArn(arn);
  if (parsed.kind !== kind) throw invalidArn(`Resource type not valid in this context: ${parsed.kind}`);
  return parsed as Extract<StatesArn, { kind: Kind }>;
}
