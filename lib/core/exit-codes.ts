/** Every exit code of the CLI with the sentence that `--help`, the README and the tests use. */
export const exitCodes = {
  ok: { code: 0, meaning: 'pass or warning' },
  internal: { code: 1, meaning: 'internal error' },
  usage: { code: 2, meaning: 'usage or configuration' },
  failed: { code: 3, meaning: 'an objective or an invariant failed' },
  invalid: { code: 4, meaning: 'invalid or no data' },
  stopped: { code: 5, meaning: 'stopped by a guard or a stop condition' },
  unclean: { code: 6, meaning: 'clean-up incomplete (what is left is listed)' },
  interrupted: { code: 130, meaning: 'interrupted and clean' },
} as const;

export type ExitReason = keyof typeof exitCodes;

/** When several apply, the first of these decides; the rest of the codes never compete. */
const precedence: readonly ExitReason[] = ['unclean', 'interrupted', 'stopped', 'invalid', 'failed'];

/** The exit code of a run to which all of `reasons` apply; 0 when none does. */
export function exitCodeOf(reasons: Iterable<ExitReason>): number {
  const all = new Set(reasons);
  for (const only of ['internal', 'usage'] as const) if (all.has(only)) return exitCodes[only].code;
  const first = precedence.find((reason) => all.has(reason));
  return first ? exitCodes[first].code : exitCodes.ok.code;
}
