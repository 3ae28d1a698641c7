import { ProofloadError } from '../core/errors.ts';

/** Where in a template something is wrong. */
export interface Place {
  readonly file: string;
  readonly line?: number | undefined;
}

/** The error of something wrong in a template: `<file>:<line>: <what>`, exit code 2. */
export function templateError(code: string, place: Place, what: string, hint?: string): ProofloadError {
  const where = place.line === undefined ? place.file : `${place.file}:${place.line}`;
  return new ProofloadError(code, `${where}: ${what}`, { exit: 'usage', ...(hint === undefined ? {} : { hint }) });
}
