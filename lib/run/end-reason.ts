import { messageOf } from '../core/errors.ts';
import type { EndReason } from './interruption.ts';

/** Node's and the SDK's names for a peer that does not answer (any more). */
const silence = /ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|TimeoutError|NetworkingError|socket hang up/;

/** What an exception in the middle of a run means: a site that is silent, a call that the site refused, or a defect of ours. */
export function endReasonOf(thrown: unknown): EndReason {
  const { name = '', code = '', $metadata } = (thrown ?? {}) as { name?: string; code?: string; $metadata?: { httpStatusCode?: number } };
  const detail = messageOf(thrown) || code || name;
  if (silence.test(`${name} ${code} ${detail}`)) return { kind: 'site-gone', detail };
  if ($metadata?.httpStatusCode !== undefined) return { kind: 'call-refused', detail: `${name}: ${detail}` };
  return { kind: 'defect', detail };
}
