import type { LabContext } from '../../contract.ts';
import { checkedDocument, deleteConflict, noSuchRole, required, roleExists } from './errors.ts';

export interface Role {
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly id: string;
  readonly createdMs: number;
  readonly boundary: string | undefined;
  readonly tags: Map<string, string>;
  /** ARNs of managed policies. */
  readonly attached: Set<string>;
  /** Inline policies, by name. */
  readonly inline: Map<string, string>;
  trust: string;
  description: string | undefined;
  maxSessionSec: number;
}

export interface NewRole {
  readonly RoleName?: string | undefined;
  readonly Path?: string | undefined;
  readonly AssumeRolePolicyDocument?: string | undefined;
  readonly Description?: string | undefined;
  readonly MaxSessionDuration?: number | undefined;
  readonly PermissionsBoundary?: string | undefined;
  readonly Tags?: readonly { readonly Key?: string; readonly Value?: string }[] | undefined;
}

/** AWS's default. */
const sessionSec = 3600;

/** The roles of the account, by name. They are kept and told, and nothing is denied for want of one. */
export class Roles {
  readonly #context: LabContext;
  readonly #rng: LabContext['rng'];
  readonly #byName = new Map<string, Role>();

  constructor(context: LabContext) {
    this.#context = context;
    this.#rng = context.rng.fork('roles');
  }

  create(input: NewRole): Role {
    const name = required(input.RoleName, 'roleName');
    const trust = checkedDocument(input.AssumeRolePolicyDocument, 'assumeRolePolicyDocument');
    if (this.#byName.has(name)) throw roleExists(name);
    const { account, clock } = this.#context;
    const path = input.Path ?? '/';
    const role: Role = {
      ...{ name, path, arn: `arn:aws:iam::${account}:role${path}${name}`, id: `AROA${this.#rng.hex(17).toUpperCase()}` },
      ...{ createdMs: clock.now(), boundary: input.PermissionsBoundary, attached: new Set(), inline: new Map() },
      ...{ trust, description: input.Description, maxSessionSec: input.MaxSessionDuration ?? sessionSec },
      tags: new Map((input.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
    };
    this.#byName.set(name, role);
    return role;
  }

  get(name: string | undefined): Role {
    const found = this.#byName.get(required(name, 'roleName'));
    if (!found) throw noSuchRole(name ?? '');
    return found;
  }

  list(): Role[] {
    return [...this.#byName.values()];
  }

  /** Takes policies away first, as AWS asks for. */
  delete(role: Role): void {
    if (role.attached.size > 0) throw deleteConflict('detach all policies');
    if (role.inline.size > 0) throw deleteConflict('delete policies');
    this.#byName.delete(role.name);
  }

  /** For the stack that made it. */
  remove(name: string): void {
    this.#byName.delete(name);
  }
}
