import { AwsError } from '../../../../core/errors.ts';
import type { Rng } from '../../../../core/rng.ts';
import { newId } from '../ids.ts';
import { RestApi } from './rest-api.ts';

/** The REST APIs of the account. */
export class RestApis {
  readonly #byId = new Map<string, RestApi>();
  readonly #rng: Rng;

  constructor(rng: Rng) {
    this.#rng = rng;
  }

  add(name: string): RestApi {
    const api = new RestApi(newId(this.#rng), name, () => newId(this.#rng, 6));
    this.#byId.set(api.id, api);
    return api;
  }

  find(id: string): RestApi | undefined {
    return this.#byId.get(id);
  }

  get(id: unknown): RestApi {
    const api = this.#byId.get(String(id));
    if (!api) throw new AwsError('NotFoundException', `Invalid API identifier specified ${String(id)}`, 404);
    return api;
  }

  remove(id: string): void {
    this.#byId.delete(id);
  }

  all(): RestApi[] {
    return [...this.#byId.values()];
  }
}
