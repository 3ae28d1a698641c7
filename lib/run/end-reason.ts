import { messageOf, ProofloadError } from '../core/errors.ts';
import type { EndReason } from './interruption.ts';

/** Node's and the SDK's names for a peer that does not answer (any more). */
const silence = /ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|TimeoutError|NetworkingError|socket hang up/;
/** AWS's names for what the credentials may not do. */
const denial = /AccessDenied|Unauthorized|NotAuthorized|Forbidden/;

/** What an exception in the middle of a run means: a site that is silent, a call that the site refused, or a defect of ours. */
export function endReasonOf(thrown: unknown): EndReason {
  const { name = '', code = '', $metadata } = (thrown ?? {}) as { name?: string; code?: string; $metadata?: { httpStatusCode?: number } };
  const detail = messageOf(thrown) || code || name;
  if (silence.test(`${name} ${code} ${detail}`)) return { kind: 'site-gone', detail };
  if ($metadata?.httpStatusCode !== undefined) return { kind: 'call-refused', detail: `${name}: ${detail}` };
  return { kind: 'defect', detail };
}

/** What to do about a call that the site refused. */
export function refusalAdvice(detail: string): string {
  return denial.test(detail)
    ? 'give the credentials the permissions in docs/running-on-aws.md'
    : 'its words say why; when that is over, or mended, run it again';
}

/**
 * An exception outside of the traffic as its user can act on it: what a site refused, or did not answer, is no defect of ours. Everything else comes
 * back as it is.
 */
export function explained(thrown: unknown, site: string): unknown {
  if (thrown instanceof ProofloadError) return thrown;
  const reason = endReasonOf(thrown);
  if (reason.kind === 'call-refused')
    return new ProofloadError('call-refused', `site ${site} refused a call: ${reason.detail}`, { hint: refusalAdvice(reason.detail), cause: thrown });
  if (reason.kind !== 'site-gone') return thrown;
  return new ProofloadError('site-unreachable', `site ${site} does not answer any more: ${reason.detail}`, {
    hint: 'check the network, or start the endpoint again',
    cause: thrown,
  });
}
