import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const alias = { proofload: fileURLToPath(new URL('./lib/index.ts', import.meta.url)) };

export default defineConfig({
  test: {
    // The longest tests wait for processes more than they work: one more at a time than Vitest would take.
    maxWorkers: 3,
    projects: [
      { resolve: { alias }, test: { name: 'unit', include: ['lib/**/*.test.ts', 'scenarios/**/*.test.ts', 'chaos/**/*.test.ts'] } },
      { resolve: { alias }, test: { name: 'conformance', include: ['test/conformance/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 } },
      {
        resolve: { alias },
        test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], testTimeout: 180_000, hookTimeout: 120_000 },
      },
    ],
  },
});
