import type { CreateActivityCommandInput } from '@aws-sdk/client-sfn';
import type { Cancel } from '../../../core/clock.ts';
import { AwsError } from '../../../core/errors.ts';
import type { TaskRequest } from '../../../models/states/types.ts';
import type { LabContext } from '../../contract.ts';
import { arnOf } from './arns.ts';
import { checkedName, required } from './checks.ts';
import { addTags } from './tags.ts';

/** What a worker gets. */
export interface ActivityTask {
  readonly taskToken?: string;
  readonly input?: string;
}

interface Offer {
  readonly request: TaskRequest;
  /** False when nobody waits for the task any more. */
  readonly take: (workerName: string | undefined) => boolean;
}

/** One long poll. */
interface Worker {
  readonly name: string | undefined;
  readonly answer: (task: ActivityTask) => void;
  readonly cancel: Cancel;
}

interface Activity {
  readonly arn: string;
  readonly name: string;
  readonly createdMs: number;
  readonly tags: Map<string, string>;
  readonly offers: Set<Offer>;
  readonly workers: Worker[];
}

/** Activities: tasks that workers ask for, first come, first served. */
export class Activities {
  readonly #context: LabContext;
  readonly #byArn = new Map<string, Activity>();
  readonly #pollMs: number;

  constructor(context: LabContext) {
    this.#context = context;
    this.#pollMs = context.quotas.number('states.activity-poll') * 1000;
  }

  /** Creates it, or gives back the one of this name. */
  create(input: CreateActivityCommandInput): Activity {
    const name = checkedName(input.name);
    const { quotas, clock } = this.#context;
    const arn = this.#context.arn('states', `activity:${name}`);
    const existing = this.#byArn.get(arn);
    if (existing) return existing;
    if (this.#byArn.size >= quotas.number('states.activities')) {
      throw new AwsError('ActivityLimitExceeded', 'The maximum number of activities has been reached.');
    }
    const activity: Activity = { arn, name, createdMs: clock.now(), tags: new Map(), offers: new Set(), workers: [] };
    addTags(activity.tags, input.tags, arn, quotas.number('states.tags'));
    this.#byArn.set(arn, activity);
    return activity;
  }

  get(arn: string | undefined): Activity {
    arnOf(required(arn, 'activityArn'), 'activity');
    const found = this.#byArn.get(arn ?? '');
    if (!found) throw new AwsError('ActivityDoesNotExist', `Activity Does Not Exist: '${arn}'`);
    return found;
  }

  find(arn: string): Activity | undefined {
    return this.#byArn.get(arn);
  }

  list(): Activity[] {
    return [...this.#byArn.values()];
  }

  /** Its tasks wait on for their time-outs; workers get nothing. */
  remove(arn: string | undefined): void {
    arnOf(required(arn, 'activityArn'), 'activity');
    for (const { answer, cancel } of this.#byArn.get(arn ?? '')?.workers ?? []) {
      cancel();
      answer({});
    }
    this.#byArn.delete(arn ?? '');
  }

  /** A task for whoever asks next, until it is withdrawn; undefined when there is no such activity. */
  offer(arn: string, request: TaskRequest, take: Offer['take']): { readonly withdraw: () => void } | undefined {
    const activity = this.#byArn.get(arn);
    if (!activity) return undefined;
    const offer = { request, take };
    activity.offers.add(offer);
    const worker = activity.workers.shift();
    if (worker) {
      worker.cancel();
      worker.answer(nextOf(activity, worker.name) ?? {});
    }
    return { withdraw: () => activity.offers.delete(offer) };
  }

  /** The next task; waits for one as long as AWS does, and then gives none. */
  poll(activity: Activity, workerName: string | undefined): ActivityTask | Promise<ActivityTask> {
    const task = nextOf(activity, workerName);
    if (task) return task;
    return new Promise((resolve) => {
      const cancel = this.#context.clock.schedule(this.#pollMs, () => {
        const at = activity.workers.findIndex(({ answer }) => answer === resolve);
        if (at >= 0) activity.workers.splice(at, 1);
        resolve({});
      });
      activity.workers.push({ name: workerName, answer: resolve, cancel });
    });
  }

  /** The lab stops: who waits gets nothing. */
  close(): void {
    for (const arn of [...this.#byArn.keys()]) this.remove(arn);
  }
}

function nextOf(activity: Activity, workerName: string | undefined): ActivityTask | undefined {
  for (const offer of activity.offers) {
    activity.offers.delete(offer);
    if (!offer.take(workerName)) continue;
    const { taskToken, arguments: input } = offer.request;
    return { input: JSON.stringify(input), ...(taskToken === undefined ? {} : { taskToken }) };
  }
  return undefined;
}
