import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { graded } from '../../test/synthetic/graded.ts';
import type { Assessment } from '../grade/types.ts';
import { renderJunit } from './junit.ts';

const schema = readFileSync(fileURLToPath(new URL('../../test/schemas/junit.xsd', import.meta.url)), 'utf8');
const valid = async (xml: string) => (await validateXML({ xml: [{ fileName: 'junit.xml', contents: xml }], schema: [schema] })).errors;
const run = graded();

describe('junit.xml', () => {
  test('a run with a failed, a missing and a met objective is valid and counts them', async () => {
    const [first] = run.objectives;
    if (!first) throw new Error('no objective');
    const changed: Assessment = {
      ...run,
      objectives: [
        first,
        { ...first, status: 'fail' },
        { ...first, status: 'no-data', value: { state: 'no-data', unit: 'ms', reason: 'too few samples' } },
        { ...first, status: 'info' },
      ],
    };
    const xml = renderJunit(changed);
    expect(await valid(xml)).toEqual([]);
    expect(xml).toMatch(/<testsuite name="checkout\/synthetic" timestamp="[\dT:-]+" tests="5" failures="1" errors="1"/);
    expect(xml.match(/<testcase /g)).toHaveLength(5);
  });

  test('no text of the run is markup or breaks the file', async () => {
    const evil = '</testcase><x a="\u0000\u001b[2J">&]]>\u202e';
    const [first] = run.objectives;
    if (!first) throw new Error('no objective');
    const xml = renderJunit({ ...run, manifest: { ...run.manifest, exercise: evil }, objectives: [{ ...first, displayName: evil, status: 'fail' }] });
    expect(await valid(xml)).toEqual([]);
    expect(xml).not.toContain('<x');
  });

  test('an invalid run is an error of the measurement, with the reason and the advice', async () => {
    const xml = renderJunit({
      ...run,
      verdict: 'invalid',
      warnings: [{ code: 'machine-busy', message: 'the machine was busy', advice: 'use a larger one', invalidates: true }],
    });
    expect(await valid(xml)).toEqual([]);
    expect(xml).toContain('<error type="invalid" message="the machine was busy (use a larger one)">');
  });

  test('the schema refuses a file with a case of no name', async () => {
    expect(await valid(renderJunit(run).replace(/(<testcase classname="[^"]*") name="[^"]*"/, '$1'))).not.toEqual([]);
  });
});
