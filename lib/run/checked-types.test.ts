import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { CheckedTypes } from './checked-types.ts';

const folder = mkdtempSync(join(tmpdir(), 'proofload-types-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('what was right is known again until it, or what it imports, changes', () => {
  const files = ['entry.ts', 'imported.ts'].map((name) => join(folder, name));
  const [entry = '', imported = ''] = files;
  const known = (): boolean => new CheckedTypes(files, folder).known;
  writeFileSync(entry, `// ${folder}\n`);
  writeFileSync(imported, 'export const count = 1;\n');
  expect(known()).toBe(false);
  new CheckedTypes(files, folder).remember();
  expect(known()).toBe(true);
  writeFileSync(imported, 'export const count = 2;\n');
  expect(known()).toBe(false);
  writeFileSync(imported, 'export const count = 1;\n');
  expect(known()).toBe(true);
  expect(new CheckedTypes([entry], folder).known).toBe(false);
});
