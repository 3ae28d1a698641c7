import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The smallest server: answers at once, counts; `/count` tells how many answers since the last time. Prints its port. */
let answers = 0;
const server = createServer((request, response) => {
  if (request.url === '/count') {
    response.end(String(answers));
    answers = 0;
    return;
  }
  answers++;
  response.end('{"ok":true}');
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
