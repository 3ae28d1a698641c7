import { sizeFailure } from '../failure.ts';
import { exceedsBytes } from '../json.ts';
import type { ChildInput, MapRunRequest } from '../map-run.ts';
import type { Distribution, MapState } from '../state.ts';
import type { Json } from '../types.ts';
import { completeFan, openFan, openMap } from './fan.ts';
import { attempt, recordNext, scopeOf, type Thread, type Turn, takeHandle, type Work } from './turn.ts';

/** What bounds a batch, and what each batch has beside its items. */
interface BatchLimits {
  readonly maxItems: number;
  readonly maxBytes: number;
  readonly batchInput: Json | undefined;
}

/** What a Distributed Map evaluates before its Map Run begins. */
interface Settings {
  readonly count: number | undefined;
  readonly percentage: number | undefined;
  readonly batch: BatchLimits | undefined;
  readonly selected: readonly Json[];
}

/** Starts a Distributed Map: every item is selected, and batched, before its Map Run is asked for. */
export function startMapRun(turn: Turn, thread: Thread, state: MapState, distribution: Distribution): Work {
  return openMap(turn, thread, state, (items, maxConcurrency) =>
    attempt(
      turn,
      thread,
      () => settingsOf(turn, thread, state, distribution, items),
      (settings) => {
        const children = childrenOf(settings, turn.execution.limits.maxPayloadBytes);
        if (children === undefined) {
          const { error, reason } = sizeFailure(state.name);
          return turn.flow.fail(turn, thread, { error, cause: reason, endsFan: true });
        }
        const { type, text, label } = distribution;
        const request: MapRunRequest = {
          ...{ label, children, maxConcurrency, tolerated: { count: settings.count, percentage: settings.percentage } },
          ...{ definition: { type, graph: state.processor, timeoutSec: undefined }, definitionText: text },
        };
        awaitMapRun(turn, thread);
        turn.effects.push({ kind: 'map-run', mapRun: thread.handle, request });
        return undefined;
      },
    ),
  );
}

/** A redrive: the Map Run goes on with what did not succeed in it. */
export function resumeMapRun(turn: Turn, thread: Thread, mapRunArn: string): void {
  thread.retryCount = 0;
  thread.retries = undefined;
  awaitMapRun(turn, thread);
  turn.effects.push({ kind: 'redrive-map-run', mapRun: thread.handle, mapRunArn });
}

function awaitMapRun(turn: Turn, thread: Thread): void {
  thread.phase = 'map-run';
  thread.handle = takeHandle(turn, thread);
}

function settingsOf(
  turn: Turn,
  thread: Thread,
  { item: select }: MapState,
  { toleratedCount, toleratedPercentage, batching }: Distribution,
  items: readonly Json[],
): Settings | Promise<Settings> {
  const scope = scopeOf(turn, thread);
  const { maxItems, maxBytes, input } = batching ?? {};
  const values = [toleratedCount, toleratedPercentage, maxItems, maxBytes, input].map((each) => each?.(scope));
  const selected = select ? items.map((item, index) => select(scopeOf(turn, { ...thread, index, item }))) : items;
  const all = [...values, ...selected];
  const build = (given: readonly (Json | undefined)[]): Settings => madeOf(given, batching !== undefined);
  return all.some((each) => each instanceof Promise) ? Promise.all(all).then(build) : build(all as readonly (Json | undefined)[]);
}

function madeOf([count, percentage, maxItems, maxBytes, batchInput, ...selected]: readonly (Json | undefined)[], isBatched: boolean): Settings {
  const limits = {
    maxItems: (maxItems as number | undefined) ?? Number.POSITIVE_INFINITY,
    maxBytes: (maxBytes as number | undefined) ?? Number.POSITIVE_INFINITY,
    batchInput,
  };
  return {
    ...{ count: count as number | undefined, percentage: percentage as number | undefined },
    ...{ batch: isBatched ? limits : undefined, selected: selected as readonly Json[] },
  };
}

/** The inputs of the child executions; undefined where one is over the payload limit. */
function childrenOf({ selected, batch }: Settings, maxPayloadBytes: number): readonly ChildInput[] | undefined {
  const children = batch ? batched(selected, batch, maxPayloadBytes) : selected.map((input) => ({ input, items: 1 }));
  return children.some(({ input }) => exceedsBytes(JSON.stringify(input), maxPayloadBytes)) ? undefined : children;
}

/** As many items a batch as its limits allow, one at least; the payload limit bounds a batch too. */
function batched(items: readonly Json[], { maxItems, maxBytes, batchInput }: BatchLimits, maxPayloadBytes: number): ChildInput[] {
  const limit = Math.min(maxBytes, maxPayloadBytes);
  const inputOf = (Items: readonly Json[]): Json => (batchInput === undefined ? { Items } : { BatchInput: batchInput, Items });
  const emptyBytes = Buffer.byteLength(JSON.stringify(inputOf([])));
  const children: ChildInput[] = [];
  let batch: Json[] = [];
  let bytes = emptyBytes;
  const close = (): void => {
    if (batch.length > 0) children.push({ input: inputOf(batch), items: batch.length });
    batch = [];
    bytes = emptyBytes;
  };
  for (const item of items) {
    const added = Buffer.byteLength(JSON.stringify(item)) + (batch.length > 0 ? 1 : 0);
    if (batch.length >= maxItems || bytes + added > limit) close();
    batch.push(item);
    bytes += added;
  }
  close();
  return children;
}

/** The Map Run was started, or redriven; with too many open it may wait before it does anything. */
export function mapRunStarted(turn: Turn, thread: Thread, mapRunArn: string, redriveCount: number): void {
  thread.mapRunArn = mapRunArn;
  if (redriveCount > 0) recordNext(turn, thread, 'MapRunRedriven', { mapRunRedrivenEventDetails: { mapRunArn, redriveCount } });
  else recordNext(turn, thread, 'MapRunStarted', { mapRunStartedEventDetails: { mapRunArn } });
}

export function mapRunSucceeded(turn: Turn, thread: Thread, state: MapState, results: readonly Json[]): Work {
  turn.execution.waiting.delete(thread.handle);
  recordNext(turn, thread, 'MapRunSucceeded');
  const fan = { results: [...results], children: new Set<Thread>(), items: [], limit: 0, next: 0, left: 0 };
  openFan(thread, fan);
  return completeFan(turn, thread, state, fan);
}

export function mapRunFailed(turn: Turn, thread: Thread, error: string, cause: string): Work {
  turn.execution.waiting.delete(thread.handle);
  recordNext(turn, thread, 'MapRunFailed', { mapRunFailedEventDetails: { cause, error } });
  return turn.flow.fail(turn, thread, { error, cause, endsFan: true });
}
