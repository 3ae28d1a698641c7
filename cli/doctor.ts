import { createServer } from 'node:net';
import type { Env } from '../lib/core/env.ts';
import { messageOf } from '../lib/core/errors.ts';
import { openSite } from '../lib/sites/open.ts';
import { isLoopback, readSite } from '../lib/sites/site-file.ts';
import { findK6 } from '../lib/traffic/k6/find.ts';
import type { Command } from './command.ts';

interface Finding {
  readonly what: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** Looks at what a run needs on this machine and on the site, and says what is missing. */
export const doctorCommand: Command = {
  name: 'doctor',
  usage: 'doctor',
  summary: 'looks at Node, k6, a free port and the credentials of the site, and says what is missing',
  options: { json: { type: 'boolean', help: 'one JSON object' } },
  arguments: [0, 0],
  async run(env, values) {
    const site = readSite(String(values['site'] ?? 'lab'), env.cwd);
    const findings = [await nodeFinding(), await k6Finding(env), await portFinding(), await siteFinding(site, env)];
    const healthy = findings.every(({ ok }) => ok);
    if (values['json']) env.stdout.write(`${JSON.stringify({ healthy, findings })}\n`);
    else for (const { what, ok, detail } of findings) env.stdout.write(`${ok ? 'ok     ' : 'missing'}  ${what.padEnd(12)}  ${detail}\n`);
    return healthy ? 0 : 2;
  },
};

async function nodeFinding(): Promise<Finding> {
  return { what: 'Node', ok: true, detail: process.versions.node };
}

async function k6Finding(env: Env): Promise<Finding> {
  try {
    const { path, version, origin } = await findK6({ env: env.env, clock: env.clock, onProgress: (text) => env.stderr.write(`${text}\n`) });
    return { what: 'k6', ok: true, detail: `${version} (${origin}) ${path}` };
  } catch (thrown) {
    return { what: 'k6', ok: false, detail: messageOf(thrown) };
  }
}

function portFinding(): Promise<Finding> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve({ what: 'loopback', ok: false, detail: error.message }));
    server.listen(0, '127.0.0.1', () => server.close(() => resolve({ what: 'loopback', ok: true, detail: 'a port can be opened on 127.0.0.1' })));
  });
}

async function siteFinding(file: ReturnType<typeof readSite>, env: Env): Promise<Finding> {
  const what = `site ${file.name}`;
  if (file.kind === 'lab') return { what, ok: true, detail: 'starts with the run; needs no credentials' };
  try {
    const site = await openSite(file, { cwd: env.cwd, seed: 'doctor', noLatency: false, asAwsIs: false, stacks: [] });
    const where = file.endpoint && isLoopback(new URL(file.endpoint).hostname) ? 'on loopback' : 'AWS';
    const detail = `${where}, account ${site.account}, ${site.region}`;
    await site.close();
    return { what, ok: true, detail };
  } catch (thrown) {
    return { what, ok: false, detail: messageOf(thrown) };
  }
}
