import { isoTime } from '../core/time-format.ts';
import type { Assessment, InvariantFigures, ObjectiveResult } from '../grade/types.ts';
import { cleanAssessment } from './clean.ts';
import { criterionText, figureText } from './format.ts';
import { escapeHtml } from './safe-text.ts';
import { phaseWords } from './words.ts';

/** One thing that a CI system lists: it held, it did not (`failure`), or nobody knows (`error`). */
interface TestCase {
  readonly group: string;
  readonly name: string;
  readonly problem?: { readonly kind: 'failure' | 'error'; readonly type: string; readonly message: string };
}

/**
 * `junit.xml`: a case for the measurement itself, one an objective and phase, one an invariant, one a fault's probe; what is not known is an `error`,
 * never a pass. The layout is that of Jenkins' junit-10.xsd, which others read too.
 */
export function renderJunit(assessment: Assessment): string {
  const clean = cleanAssessment(assessment);
  const cases = [
    measurement(clean),
    ...clean.objectives.flatMap(objective),
    ...(clean.integrity?.invariants ?? []).map(invariant),
    ...clean.faults.map(probe),
  ];
  const count = (kind: 'failure' | 'error'): number => cases.filter(({ problem }) => problem?.kind === kind).length;
  const { manifest } = clean;
  const startMs = clean.phaseWindows[0]?.startMs ?? manifest.startedMs;
  const seconds = Math.max(0, ((clean.phaseWindows.at(-1)?.endMs ?? startMs) - startMs) / 1000);
  const totals = `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" time="${seconds.toFixed(3)}"`;
  const timestamp = isoTime(manifest.startedMs).slice(0, 19);
  const properties = { run: manifest.runId, verdict: clean.verdict, scope: clean.scope, seed: manifest.seed, ...manifest.versions };
  return `${[
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="proofload" ${totals}>`,
    `  <testsuite name="${escapeHtml(manifest.exercise)}" timestamp="${timestamp}" ${totals}>`,
    '    <properties>',
    ...Object.entries(properties).map(([name, value]) => `      <property name="${escapeHtml(name)}" value="${escapeHtml(value)}"/>`),
    '    </properties>',
    ...cases.flatMap((each) => caseLines(each, manifest.exercise)),
    '  </testsuite>',
    '</testsuites>',
  ].join('\n')}\n`;
}

function caseLines({ group, name, problem }: TestCase, exercise: string): string[] {
  const open = `    <testcase classname="${escapeHtml(`${exercise}.${group}`)}" name="${escapeHtml(name)}" time="0"`;
  if (!problem) return [`${open}/>`];
  const { kind, type, message } = problem;
  return [
    `${open}>`,
    `      <${kind} type="${escapeHtml(type)}" message="${escapeHtml(message)}">${escapeHtml(message)}</${kind}>`,
    '    </testcase>',
  ];
}

/** Whether the run can be trusted at all. */
function measurement({ verdict, warnings, reasons }: Assessment): TestCase {
  const name = 'the measurement can be trusted';
  const invalid = warnings.filter(({ invalidates }) => invalidates).map(({ message, advice }) => `${message} (${advice})`);
  if (verdict !== 'invalid') return { group: 'measurement', name };
  return { group: 'measurement', name, problem: { kind: 'error', type: 'invalid', message: (invalid.length > 0 ? invalid : reasons).join('; ') } };
}

/** What only informs asks nothing, so it is no case. */
function objective({ displayName, sli, phase, status, value, pass }: ObjectiveResult): TestCase[] {
  if (status === 'info') return [];
  const named = { group: 'objectives', name: `${displayName || sli} (${phaseWords[phase]})` };
  const asked = pass.map(({ criterion }) => criterionText(criterion, value.unit)).join(', ');
  if (status === 'fail') return [{ ...named, problem: { kind: 'failure', type: 'objective', message: `${figureText(value)}, asked for ${asked}` } }];
  if (status === 'no-data') return [{ ...named, problem: { kind: 'error', type: 'no-data', message: figureText(value) } }];
  return [named];
}

function invariant({ name, holds, state, violations, checked, examples, reason = 'nobody says why' }: InvariantFigures): TestCase {
  const named = { group: 'integrity', name: `${name}: ${holds}` };
  if (state === 'holds') return named;
  if (state === 'no-data') return { ...named, problem: { kind: 'error', type: 'no-data', message: `not checked: ${reason}` } };
  const ids = examples.map(({ id, detail }) => `${id}: ${detail}`).join('; ');
  return { ...named, problem: { kind: 'failure', type: 'invariant', message: `${violations} of ${checked} violate it: ${ids}` } };
}

function probe({ fault, resource, probe: { name, observed } }: Assessment['faults'][number]): TestCase {
  const named = { group: 'faults', name: `${fault} on ${resource} took effect` };
  return observed ? named : { ...named, problem: { kind: 'error', type: 'fault-not-observed', message: `${name}: nothing was observed` } };
}
