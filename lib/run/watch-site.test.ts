import { expect, it } from 'vitest';
import type { Warning } from '../record/types.ts';
import { Interruption } from './interruption.ts';
import type { Session } from './session.ts';
import { watchSite } from './watch-site.ts';

/** A site that this process started, of which no call is made. */
function watched() {
  const warnings: Warning[] = [];
  let tell = (_text: string): void => undefined;
  let leave = (_detail: string): void => undefined;
  const gone = new Promise<string>((resolve) => {
    leave = resolve;
  });
  const interruption = new Interruption();
  const site = { loopback: false, gone, onIncident: (listener: typeof tell) => (tell = listener) };
  watchSite({ site, interruption, journal: { warn: (warning: Warning) => warnings.push(warning) } } as unknown as Session);
  return { warnings, interruption, tell: (text: string) => tell(text), leave: (detail: string) => leave(detail) };
}

it('a lab that failed in what AWS does not fail in makes the run invalid; a host that a handler took down is told', () => {
  const { warnings, tell } = watched();
  tell('function host 2 ended (out of memory) with 3 environments');
  tell('dynamodb.PutItem failed inside the lab: TypeError: x is undefined');
  expect(warnings).toMatchObject([
    { code: 'lab-incident', message: 'the lab: function host 2 ended (out of memory) with 3 environments', invalidates: false },
    { code: 'lab-defect', message: expect.stringContaining('dynamodb.PutItem failed inside the lab'), invalidates: true },
  ]);
});

it('a lab that ends by itself ends the run', async () => {
  const { interruption, leave } = watched();
  leave('the lab was ended by SIGKILL');
  await new Promise((resolve) => setImmediate(resolve));
  expect(interruption.reason).toEqual({ kind: 'site-gone', detail: 'the lab was ended by SIGKILL' });
});
