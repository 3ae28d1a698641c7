import { Session } from 'node:inspector/promises';

/** Milliseconds of CPU by area of the code, by thread. */
export type ThreadProfiles = Readonly<Record<string, Readonly<Record<string, number>>>>;

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string };
  readonly children?: readonly number[];
}

interface Profile {
  readonly nodes: readonly ProfileNode[];
  readonly samples?: readonly number[];
  readonly timeDeltas?: readonly number[];
}

type Call = (method: string, params?: object) => Promise<unknown>;

/** Starts a CPU profile of this thread and of every worker; the function that it gives ends them and says where they were. */
export async function profileThreads(): Promise<() => Promise<ThreadProfiles>> {
  const session = new Session();
  session.connect();
  const main: Call = (method, params) => session.post(method as 'Profiler.enable', params as undefined);
  const threads: [string, Call][] = [['main', main], ...(await workersOf(session))];
  for (const [, call] of threads) {
    await call('Profiler.enable');
    await call('Profiler.setSamplingInterval', { interval: 1000 });
    await call('Profiler.start');
  }
  return async () => {
    const found: Record<string, Record<string, number>> = {};
    for (const [name, call] of threads) {
      const { profile } = (await call('Profiler.stop')) as { profile: Profile };
      found[name] = byArea(profile);
    }
    session.disconnect();
    return found;
  };
}

/** How to call the inspector of each worker: by messages inside of messages of this thread's. */
async function workersOf(session: Session): Promise<[string, Call][]> {
  const workers: [string, Call][] = [];
  const open = new Map<string, (result: unknown) => void>();
  session.on('NodeWorker.attachedToWorker', ({ params: { sessionId } }) => {
    let id = 0;
    const call: Call = (method, params = {}) =>
      new Promise((resolve) => {
        open.set(`${sessionId}/${++id}`, resolve);
        void session.post('NodeWorker.sendMessageToWorker', { sessionId, message: JSON.stringify({ id, method, params }) });
      });
    workers.push([`function host ${workers.length + 1}`, call]);
  });
  session.on('NodeWorker.receivedMessageFromWorker', ({ params: { sessionId, message } }) => {
    const { id, result } = JSON.parse(message) as { id?: number; result?: unknown };
    open.get(`${sessionId}/${id}`)?.(result);
  });
  await session.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
  await new Promise((resolve) => setTimeout(resolve, 100));
  return workers;
}

function byArea({ nodes, samples = [], timeDeltas = [] }: Profile): Record<string, number> {
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const areas = new Map(nodes.map((node) => [node.id, areaOf(node, parents, byId)]));
  const found: Record<string, number> = {};
  samples.forEach((id, index) => {
    const area = areas.get(id) ?? '';
    if (area !== '(idle)') found[area] = (found[area] ?? 0) + (timeDeltas[index] ?? 0) / 1000;
  });
  return found;
}

/** Built-in functions count for who called them. */
function areaOf(node: ProfileNode, parents: ReadonlyMap<number, number>, byId: ReadonlyMap<number, ProfileNode>): string {
  const { functionName, url } = node.callFrame;
  if (url !== '') return areaOfFile(url);
  if (functionName === '(garbage collector)') return 'garbage collection';
  if (functionName === '(program)') return 'native code: sockets, messages, clocks';
  const parent = byId.get(parents.get(node.id) ?? 0);
  return functionName.startsWith('(') || !parent ? functionName : areaOf(parent, parents, byId);
}

function areaOfFile(url: string): string {
  if (url.startsWith('node:')) return 'Node: HTTP, promises, timers';
  if (url.includes('/var/task/')) return 'handlers of the scenario';
  const module = /\/node_modules\/(@[^/]+|[^/]+)/.exec(url)?.[1];
  if (module === '@aws-sdk' || module === '@smithy') return 'AWS SDK';
  if (module !== undefined) return module;
  const [, folder = url] = /\/(lib\/(?:lab\/services\/[^/]+|lab\/[^/]+|models\/[^/]+|[^/]+))\//.exec(url) ?? [];
  return folder;
}
