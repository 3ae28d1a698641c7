/**
 * Writes docs/schemas: JSON Schemas of the files that machines read, from the types that the code writes them with.
 *
 *   node tools/json-schema.ts
 *
 * test/conformance/json-schema.test.ts fails when they are older than the code.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createGenerator } from 'ts-json-schema-generator';
import { packageRoot } from '../lib/core/package-root.ts';

export const schemaFolder = join(packageRoot(), 'docs/schemas');

const documents = [
  { file: 'report.schema.json', path: 'lib/report/json.ts', type: 'ReportDocument', title: 'report.json of a run' },
  { file: 'comparison.schema.json', path: 'lib/report/comparison/render.ts', type: 'ComparisonDocument', title: 'comparison.json of a run' },
  { file: 'summary.schema.json', path: 'lib/record/history/summary.ts', type: 'RunSummary', title: 'summary.json of a run' },
] as const;

/** Every schema by its file's name. */
export function jsonSchemas(): Record<string, string> {
  return Object.fromEntries(
    documents.map(({ file, path, type, title }) => {
      const generator = createGenerator({
        path: join(packageRoot(), path),
        tsconfig: join(packageRoot(), 'tsconfig.json'),
        type,
        topRef: false,
        skipTypeCheck: true,
        additionalProperties: true,
      });
      return [file, `${JSON.stringify({ title, ...generator.createSchema(type) }, null, 2)}\n`];
    }),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(schemaFolder, { recursive: true });
  for (const [file, text] of Object.entries(jsonSchemas())) writeFileSync(join(schemaFolder, file), text);
}
