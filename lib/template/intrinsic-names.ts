/** The intrinsic functions that a template may use, in long form; `Condition` names a condition inside conditions. */
export const supportedNames = [
  'Ref',
  'Condition',
  'Fn::GetAtt',
  'Fn::Sub',
  'Fn::Join',
  'Fn::Select',
  'Fn::Split',
  'Fn::If',
  'Fn::Equals',
  'Fn::Not',
  'Fn::And',
  'Fn::Or',
  'Fn::FindInMap',
  'Fn::Base64',
] as const;

export type IntrinsicName = (typeof supportedNames)[number];

/** Whether the long-form name of an intrinsic function is one that is resolved here. */
export function isSupported(name: string): name is IntrinsicName {
  return (supportedNames as readonly string[]).includes(name);
}

/** An intrinsic call: an object whose one key is an intrinsic's name. */
export interface IntrinsicCall {
  readonly name: string;
  readonly argument: unknown;
}

/**
 * Reads `value` as an intrinsic call, supported or not (`Fn::ImportValue` is one too); undefined where it is plain data.
 * `Condition` is a call only where conditions are expected (IAM statements have a key of that name): ask with `inConditions`.
 */
export function asIntrinsic(value: unknown, inConditions = false): IntrinsicCall | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const keys = Object.keys(value);
  const name = keys[0];
  if (keys.length !== 1 || name === undefined) return undefined;
  const isCall = name === 'Ref' || name.startsWith('Fn::') || (inConditions && name === 'Condition');
  return isCall ? { name, argument: (value as Record<string, unknown>)[name] } : undefined;
}
