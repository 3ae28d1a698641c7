import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import { type ReportDocument, renderJson } from '../../lib/report/json.ts';
import { summarise } from '../../lib/report/summary.ts';
import { jsonSchemas, schemaFolder } from '../../tools/json-schema.ts';
import { graded } from '../synthetic/graded.ts';

const schemas = jsonSchemas();
const validator = (file: string) => new Ajv({ strict: false }).compile(JSON.parse(schemas[file] ?? ''));

it('docs/schemas are those of the code; if not, run `node tools/json-schema.ts`', () => {
  for (const [file, text] of Object.entries(schemas)) expect(readFileSync(join(schemaFolder, file), 'utf8')).toBe(text);
});

it('what a run writes is valid, and a file without a verdict is not', () => {
  const run = graded();
  const report = JSON.parse(renderJson(run)) as ReportDocument;
  const validate = validator('report.schema.json');
  expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
  expect(validate({ ...report, verdict: 'perhaps' })).toBe(false);
  expect(validator('summary.schema.json')(JSON.parse(JSON.stringify(summarise(run))))).toBe(true);
});
