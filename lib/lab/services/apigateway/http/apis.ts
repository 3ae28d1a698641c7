import { AwsError } from '../../../../core/errors.ts';
import type { Rng } from '../../../../core/rng.ts';
import type { CorsSettings } from '../../../../models/apigateway/cors.ts';
import { newId } from '../ids.ts';
import { HttpApi } from './http-api.ts';

/** The HTTP APIs of the account. */
export class Apis {
  readonly #byId = new Map<string, HttpApi>();
  readonly #rng: Rng;

  constructor(rng: Rng) {
    this.#rng = rng;
  }

  add(name: string, cors: CorsSettings | undefined): HttpApi {
    const api = new HttpApi(this.newId(), name, cors);
    this.#byId.set(api.id, api);
    return api;
  }

  find(id: string): HttpApi | undefined {
    return this.#byId.get(id);
  }

  get(id: string): HttpApi {
    const api = this.#byId.get(id);
    if (!api) throw new AwsError('NotFoundException', `Invalid API identifier specified ${id}`, 404);
    return api;
  }

  remove(id: string): void {
    this.#byId.delete(id);
  }

  all(): HttpApi[] {
    return [...this.#byId.values()];
  }

  newId(): string {
    return newId(this.#rng);
  }
}
