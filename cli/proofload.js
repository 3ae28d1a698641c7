#!/usr/bin/env node
// Plain JavaScript, so that a Node too old for the rest can still say so.
import { existsSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(`proofload needs Node 22.18 or later; this is ${process.versions.node}.\n`);
  process.exit(2);
}
// The second start is faster: Node keeps what it compiled.
module.enableCompileCache?.();
const source = new URL('./main.ts', import.meta.url);
await import(existsSync(fileURLToPath(source)) ? source.href : new URL('../dist/cli/main.js', import.meta.url).href);
