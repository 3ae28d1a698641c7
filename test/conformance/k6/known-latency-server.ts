import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A server of known latency, as a process of its own: every answer takes `latencyMs`; one that comes in while a stall lasts
 * takes until the stall's end and `latencyMs` more. `/log` tells how long it held each answer (meant, and as its own timer and CPU
 * then let it), `/stall?ms=` starts a stall. Prints its port when ready.
 */
const latencyMs = Number(process.argv[2]);
const held: { meantMs: number; heldMs: number }[] = [];
let stallUntilMs = 0;

const server = createServer((request, response) => {
  const arrivedMs = performance.now();
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  if (pathname === '/log') return void response.end(JSON.stringify(held));
  if (pathname === '/stall') {
    stallUntilMs = arrivedMs + Number(searchParams.get('ms'));
    return void response.end();
  }
  const dueMs = Math.max(arrivedMs, stallUntilMs) + latencyMs;
  const answer = (): void => {
    const leftMs = dueMs - performance.now();
    if (leftMs > 0.5) setTimeout(answer, Math.max(1, Math.floor(leftMs)));
    else {
      held.push({ meantMs: dueMs - arrivedMs, heldMs: performance.now() - arrivedMs });
      response.end('{"ok":true}');
    }
  };
  answer();
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
