import type { Rng } from '../../../core/rng.ts';

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Ten letters and digits, as API Gateway's ids are. */
export function newId(rng: Rng, length = 10): string {
  return Array.from({ length }, () => alphabet[rng.int(alphabet.length)]).join('');
}
