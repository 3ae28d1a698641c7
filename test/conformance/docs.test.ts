import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../lib/core/package-root.ts';

const pages = ['README.md', ...globSync('docs/**/*.md', { cwd: packageRoot() })].map((page) => join(packageRoot(), page));

/** GitHub's anchors of a page's headings. */
function anchorsOf(page: string): string[] {
  const headings = readFileSync(page, 'utf8').matchAll(/^#+ (.*)$/gm);
  return [...headings].map(([, heading = '']) =>
    heading
      .trim()
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

it('every link of a page leads to a file, and to a heading in it', () => {
  const broken = pages.flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = '']) => {
      if (/^[a-z]+:/.test(link)) return [];
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : join(dirname(page), path);
      const leads = existsSync(target) && (anchor === undefined || anchorsOf(target).includes(anchor));
      return leads ? [] : [`${relative(packageRoot(), page)}: ${link}`];
    }),
  );
  expect(pages.length).toBeGreaterThan(10);
  expect(broken).toEqual([]);
});

it('docs/running-on-aws.md names every API that a run calls among its permissions', () => {
  const called = globSync('{lib,cli}/**/*.ts', { cwd: packageRoot(), exclude: (path) => path.endsWith('.test.ts') }).flatMap((file) =>
    [...readFileSync(join(packageRoot(), file), 'utf8').matchAll(/new ([A-Z]\w+)Command\(|paginate([A-Z]\w+)\(/g)].map(
      ([, sent, paged]) => sent ?? paged ?? '',
    ),
  );
  const page = readFileSync(join(packageRoot(), 'docs/running-on-aws.md'), 'utf8');
  expect(called).toContain('StartExperiment');
  expect([...new Set(called)].filter((api) => !page.includes(api))).toEqual([]);
});
