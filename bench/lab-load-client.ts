import { connect } from 'node:net';

/**
 * A child process that sends one DynamoDB operation over and over and reports how many answers came. Requests are built beforehand and
 * written to raw sockets, one in flight on each: it costs a tenth of the server's CPU, so that the server is what is measured.
 * Arguments: port, operation (GetItem or PutItem), seconds, connections. Output: one line of JSON.
 */
const [port = '', operation = '', seconds = '', connections = ''] = process.argv.slice(2);

const keys = 1000;
const scope = 'AKIALAB/20261124/us-east-1/dynamodb/aws4_request';
const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`;

function request(name: string, body: object): Buffer {
  const text = JSON.stringify(body);
  const headers = [
    'POST / HTTP/1.1',
    `host: 127.0.0.1:${port}`,
    'content-type: application/x-amz-json-1.0',
    `x-amz-target: DynamoDB_20120810.${name}`,
    'x-amz-date: 20261124T000000Z',
    `authorization: ${authorization}`,
    `content-length: ${Buffer.byteLength(text)}`,
  ];
  return Buffer.from(`${headers.join('\r\n')}\r\n\r\n${text}`);
}

const put = (key: number): Buffer =>
  request('PutItem', {
    TableName: 'bench',
    Item: {
      id: { S: `key-${key}` },
      text: { S: 'x'.repeat(400) },
      number: { N: String(key) },
      map: { M: { flag: { BOOL: true }, name: { S: 'name' } } },
    },
  });
const get = (key: number): Buffer => request('GetItem', { TableName: 'bench', Key: { id: { S: `key-${key}` } } });

/** One connection: sends `next()` when the answer to the last is complete, until that gives nothing more; a server that closes is called again. */
async function drive(next: () => Buffer | undefined, answered: (status: number) => void): Promise<void> {
  while (await driveOnce(next, answered));
}

function driveOnce(next: () => Buffer | undefined, answered: (status: number) => void): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: Number(port), host: '127.0.0.1', noDelay: true });
    let pending: Buffer = Buffer.alloc(0);
    const send = (): void => {
      const bytes = next();
      if (bytes) socket.write(bytes);
      else socket.end(() => resolve(false));
    };
    socket.on('connect', send).on('error', reject);
    socket.on('data', (chunk) => {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
      const end = pending.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = pending.toString('latin1', 0, end);
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
      if (pending.length < end + 4 + length) return;
      pending = Buffer.alloc(0);
      answered(Number(head.slice(9, 12)));
      if (/connection: close/i.test(head)) socket.end(() => resolve(true));
      else send();
    });
  });
}

async function sendAll(requests: readonly Buffer[]): Promise<void> {
  let sent = 0;
  await drive(
    () => requests[sent++],
    (status) => {
      if (status !== 200) throw new Error(`set-up got status ${status}`);
    },
  );
}

await sendAll(Array.from({ length: keys }, (_, key) => put(key)));
const requests = Array.from({ length: keys }, (_, key) => (operation === 'PutItem' ? put(key) : get(key)));
let [answers, failures, sent] = [0, 0, 0];
const startMs = performance.now();
const endMs = startMs + Number(seconds) * 1000;
const next = (): Buffer | undefined => (performance.now() < endMs ? requests[sent++ % keys] : undefined);
const answered = (status: number): void => {
  answers++;
  if (status !== 200) failures++;
};
await Promise.all(Array.from({ length: Number(connections) }, () => drive(next, answered)));
console.log(JSON.stringify({ ratePerSec: (answers * 1000) / (performance.now() - startMs), answers, failures }));
