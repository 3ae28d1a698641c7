import { afterEach, describe, expect, it } from 'vitest';
import { type VirtualLab, virtualLab } from '../../../../../test/virtual-lab.ts';
import { AwsError } from '../../../../core/errors.ts';
import type { LabService } from '../../../contract.ts';
import { createSqsService } from '../../sqs/service.ts';
import { Dispatch } from '../dispatch.ts';
import type { MappingSettings } from './mapping-settings.ts';
import { Pollers } from './pollers.ts';

/** One invocation as the function saw it: when, in s from the start, which bodies, and the first message's receive count. */
interface Seen {
  readonly atSec: number;
  readonly bodies: readonly string[];
  readonly receives: string;
}

interface Scene {
  readonly lab: VirtualLab;
  readonly pollers: Pollers;
  readonly seen: Seen[];
  readonly running: () => number;
  send(...bodies: string[]): Promise<void>;
  left(): Promise<string[]>;
}

const settings: MappingSettings = { enabled: true, batchSize: 10, windowSec: 0, reportsFailures: false, maxConcurrency: undefined };
const queueArn = 'arn:aws:sqs:us-east-1:123456789012:jobs';
const defects: unknown[] = [];
let scene: Scene;

afterEach(async () => {
  scene.pollers.abort();
  await scene.lab.stop();
  expect(defects.splice(0)).toEqual([]);
});

/** Pollers that read the queue `jobs` for a function that `act`s, which is told the seconds since the start. */
async function setUp(act: (atSec: number, lab: VirtualLab) => unknown, more: Partial<MappingSettings> = {}): Promise<Scene> {
  const seen: Seen[] = [];
  let running = 0;
  const invoke = async ({ Payload }: { Payload: Uint8Array }): Promise<object> => {
    const { Records } = JSON.parse(Buffer.from(Payload).toString()) as { Records: { body: string; attributes: Record<string, string> }[] };
    const atSec = (lab.clock.now() - startMs) / 1000;
    seen.push({ atSec, bodies: Records.map(({ body }) => body), receives: Records[0]?.attributes['ApproximateReceiveCount'] ?? '' });
    running++;
    try {
      return { StatusCode: 200, Payload: Buffer.from(JSON.stringify((await act(atSec, lab)) ?? null)) };
    } finally {
      running--;
    }
  };
  const lambda: LabService = { name: 'lambda', operations: { Invoke: { act: invoke } } };
  const lab: VirtualLab = virtualLab((context) => [createSqsService(context), lambda]);
  const { QueueUrl } = await lab.call<{ QueueUrl: string }>('sqs', 'CreateQueue', { QueueName: 'jobs' });
  const startMs = lab.clock.now();
  const dispatch = new Dispatch(lab.context, 'lambda.event-source-dispatch');
  const pollers = new Pollers(lab.context, dispatch, { queueArn, functionArn: 'f', settings: { ...settings, ...more } }, (thrown) =>
    defects.push(thrown),
  );
  const counts = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'];
  return {
    lab,
    pollers,
    seen,
    running: () => running,
    send: async (...bodies) => {
      for (const MessageBody of bodies) await lab.call('sqs', 'SendMessage', { QueueUrl, MessageBody });
    },
    left: async () => {
      const { Attributes } = await lab.call<{ Attributes: Record<string, string> }>('sqs', 'GetQueueAttributes', {
        QueueUrl,
        AttributeNames: counts,
      });
      return counts.map((name) => Attributes[name] ?? '');
    },
  };
}

const throttle = (): never => {
  throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429);
};

describe('pollers', () => {
  it('begin with five batches at once and grow by 300 a minute while all are busy, to the maximum concurrency', async () => {
    scene = await setUp((_, lab) => lab.clock.sleep(1_000_000), { batchSize: 1, maxConcurrency: 250 });
    await scene.send(...Array.from({ length: 400 }, (_, i) => String(i)));
    scene.pollers.start();
    const runningAfter = async (sec: number): Promise<number> => {
      await scene.lab.clock.advance(sec * 1000);
      return scene.running();
    };
    expect([await runningAfter(0), await runningAfter(1), await runningAfter(9), await runningAfter(20), await runningAfter(30)]).toEqual([
      5, 10, 55, 155, 250,
    ]);
  });

  it('try a throttled batch with growing pauses until it would be visible anyway; then it comes again', async () => {
    scene = await setUp((atSec) => (atSec < 40 ? throttle() : 'done'));
    await scene.send('patient');
    scene.pollers.start();
    await scene.lab.clock.advance(60_000);
    expect(scene.seen.map(({ atSec, receives }) => [atSec, receives])).toEqual([
      ...[0, 1, 3, 7, 15].map((atSec) => [atSec, '1']),
      ...[30, 31, 33, 37, 45].map((atSec) => [atSec, '2']),
    ]);
    expect(await scene.left()).toEqual(['0', '0']);
  });

  it('collect what comes within the batching window, and invoke early with a full batch', async () => {
    scene = await setUp(() => 'done', { batchSize: 4, windowSec: 10, maxConcurrency: 2 });
    scene.pollers.start();
    await scene.send('a');
    await scene.lab.clock.advance(6000);
    expect(scene.seen).toEqual([]);
    await scene.lab.clock.advance(4000);
    expect(scene.seen).toEqual([{ atSec: 10, bodies: ['a'], receives: '1' }]);
    await scene.send('b', 'c', 'd', 'e', 'f', 'g', 'h');
    await scene.lab.clock.advance(0);
    expect(scene.seen[1]).toMatchObject({ atSec: 10 });
    expect(scene.seen[1]?.bodies.length).toBe(4);
    await scene.lab.clock.advance(10_000);
    expect(scene.seen.flatMap(({ bodies }) => bodies).sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
  });

  it('hand a batch that is too large for one event over in several', async () => {
    scene = await setUp(() => 'done', { maxConcurrency: 2 });
    const bodies = Array.from({ length: 8 }, (_, i) => String(i).repeat(1_000_000));
    await scene.send(...bodies);
    scene.pollers.start();
    await scene.lab.clock.advance(0);
    expect(scene.seen.map((each) => [each.bodies.length, each.receives])).toEqual([
      [6, '1'],
      [2, '1'],
    ]);
    expect(scene.seen.flatMap((each) => each.bodies).sort()).toEqual(bodies);
    expect(await scene.left()).toEqual(['0', '0']);
  });

  it('end with their open polls, and still do what those bring', async () => {
    scene = await setUp(() => 'done');
    scene.pollers.start();
    await scene.lab.clock.advance(15_000);
    let ended = false;
    void scene.pollers.drain().then(() => {
      ended = true;
    });
    await scene.send('last');
    await scene.lab.clock.advance(4999);
    expect([scene.seen.length, ended, await scene.left()]).toEqual([1, false, ['0', '0']]);
    await scene.lab.clock.advance(1);
    expect(ended).toBe(true);
    await scene.send('too late');
    await scene.lab.clock.advance(60_000);
    expect([scene.seen.length, await scene.left()]).toEqual([1, ['1', '0']]);
  });

  it('go on when the queue comes back', async () => {
    scene = await setUp(() => 'done');
    const QueueUrl = 'http://127.0.0.1:0/123456789012/jobs';
    await scene.lab.call('sqs', 'DeleteQueue', { QueueUrl });
    scene.pollers.start();
    await scene.lab.clock.advance(61_000);
    await scene.lab.call('sqs', 'CreateQueue', { QueueName: 'jobs' });
    await scene.send('again');
    await scene.lab.clock.advance(10_000);
    expect(scene.seen.map(({ bodies }) => bodies)).toEqual([['again']]);
  });
});
