import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { supportMatrix, supportPage } from '../../tools/support-matrix.ts';

it('docs/support.md says what the code supports; if not, run `node tools/support-matrix.ts`', async () => {
  expect(readFileSync(supportPage, 'utf8')).toBe(await supportMatrix());
});
