import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../core/package-root.ts';
import { indicators } from './list.ts';

test('docs/objectives.md has every indicator with its unit', () => {
  const rows = readFileSync(join(packageRoot(), 'docs', 'objectives.md'), 'utf8').split('\n');
  for (const { name, unit, of } of indicators) {
    const row = rows.find((line) => line.startsWith('|') && line.includes(`\`${name}\``) && line.includes(`| ${of} |`));
    expect(row, name).toContain(`| ${unit} |`);
  }
});
