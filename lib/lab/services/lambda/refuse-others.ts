import { invalidParameter } from './errors.ts';

/** Refuses, by name, members of an input that the lab does not know. */
export function refuseOthers(input: object, known: ReadonlySet<string>): void {
  const others = Object.entries(input).filter(([member, value]) => value !== undefined && !known.has(member));
  if (others.length > 0) throw invalidParameter(`The lab does not support ${others.map(([member]) => member).join(', ')}.`);
}
