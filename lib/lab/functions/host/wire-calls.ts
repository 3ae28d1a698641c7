import { type FromHost, processMs, type WireCall, type WireReply } from '../messages.ts';
import type { Outbox } from '../outbox.ts';
import { postable } from '../outbox.ts';
import type { Environment } from './environment.ts';

export type WireRequestParts = Pick<WireCall, 'method' | 'path' | 'query' | 'headers' | 'body' | 'service'>;

/** Requests of this host's SDK clients that the lab has not answered yet. */
export class WireCalls {
  readonly #outbox: Outbox<FromHost>;
  readonly #open = new Map<number, (reply: WireReply) => void>();
  #nextId = 1;

  constructor(outbox: Outbox<FromHost>) {
    this.#outbox = outbox;
  }

  /** Sends when the environment runs and answers when it runs: a frozen one does neither, one that ended never. */
  send(environment: Environment, request: WireRequestParts): Promise<WireReply> {
    return new Promise((resolve) => {
      environment.later(() => {
        const id = this.#nextId++;
        const sentAt = environment.modelledNow();
        const lateMs = processMs() - sentAt;
        environment.opened();
        this.#open.set(id, (reply) => {
          environment.closed();
          environment.later(() => {
            environment.came(reply.modelledMs === undefined ? reply.repliedAt - lateMs : sentAt + reply.modelledMs);
            resolve(reply);
          });
        });
        const { body, transfer } = postable(request.body);
        const call = { kind: 'wire', id, environment: environment.id, functionName: environment.definition.name, sentAt, ...request, body } as const;
        this.#outbox.post(call, transfer);
      });
    });
  }

  settle(reply: WireReply): void {
    const settle = this.#open.get(reply.id);
    this.#open.delete(reply.id);
    settle?.(reply);
  }
}
