import type { LabContext } from '../../contract.ts';
import { checkedDocument, deleteConflict, noSuchPolicy, policyExists, required } from './errors.ts';
import type { Roles } from './roles.ts';

export interface Policy {
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly id: string;
  readonly document: string;
  readonly description: string | undefined;
  readonly createdMs: number;
  readonly tags: ReadonlyMap<string, string>;
}

export interface NewPolicy {
  readonly PolicyName?: string | undefined;
  readonly Path?: string | undefined;
  readonly PolicyDocument?: string | undefined;
  readonly Description?: string | undefined;
  readonly Tags?: readonly { readonly Key?: string; readonly Value?: string }[] | undefined;
}

/** The managed policies of the account, by ARN; each has the one version that it was created with. */
export class Policies {
  readonly #context: LabContext;
  readonly #roles: Roles;
  readonly #rng: LabContext['rng'];
  readonly #byArn = new Map<string, Policy>();

  constructor(context: LabContext, roles: Roles) {
    this.#context = context;
    this.#roles = roles;
    this.#rng = context.rng.fork('policies');
  }

  create(input: NewPolicy): Policy {
    const name = required(input.PolicyName, 'policyName');
    const document = checkedDocument(input.PolicyDocument, 'policyDocument');
    const path = input.Path ?? '/';
    const arn = `arn:aws:iam::${this.#context.account}:policy${path}${name}`;
    if (this.#byArn.has(arn)) throw policyExists(name);
    const policy: Policy = {
      ...{ name, path, arn, document, id: `ANPA${this.#rng.hex(17).toUpperCase()}`, description: input.Description },
      createdMs: this.#context.clock.now(),
      tags: new Map((input.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
    };
    this.#byArn.set(arn, policy);
    return policy;
  }

  get(arn: string | undefined): Policy {
    const found = this.#byArn.get(required(arn, 'policyArn'));
    if (!found) throw noSuchPolicy(arn ?? '');
    return found;
  }

  /** Whether a role may have it: AWS's own policies are not kept, and are all taken to exist. */
  checkAttachable(arn: string | undefined): string {
    const text = required(arn, 'policyArn');
    if (!/^arn:[^:]+:iam::aws:policy\//.test(text)) this.get(text);
    return text;
  }

  attachments(arn: string): number {
    return this.#roles.list().filter(({ attached }) => attached.has(arn)).length;
  }

  delete(policy: Policy): void {
    if (this.attachments(policy.arn) > 0) throw deleteConflict('detach all policies');
    this.#byArn.delete(policy.arn);
  }

  /** For the stack that made it. */
  remove(arn: string): void {
    this.#byArn.delete(arn);
  }
}
