import { dateOf } from '../../../core/time-format.ts';
import type { Operation } from '../../contract.ts';
import { pageOf } from '../paging.ts';
import { checkedDocument, invalidMarker, noSuchRolePolicy, notAttached, required } from './errors.ts';
import type { Policies } from './policies.ts';
import type { NewRole, Role, Roles } from './roles.ts';

export interface Paging {
  readonly Marker?: string;
  readonly MaxItems?: number;
}

interface RoleInput extends Paging {
  readonly RoleName?: string;
  readonly PathPrefix?: string;
  readonly PolicyName?: string;
  readonly PolicyArn?: string;
  readonly PolicyDocument?: string;
  readonly Description?: string;
  readonly MaxSessionDuration?: number;
  readonly Tags?: readonly { readonly Key?: string; readonly Value?: string }[];
  readonly TagKeys?: readonly string[];
}

/** Roles themselves: created, told, changed, deleted. */
export function roleOperations(roles: Roles): Record<string, Operation<RoleInput>> {
  return {
    CreateRole: { act: (input) => ({ Role: described(roles.create(input as NewRole)) }) },
    GetRole: { act: ({ RoleName }) => ({ Role: described(roles.get(RoleName)) }) },
    ListRoles: {
      act: ({ PathPrefix = '/', ...page }) => {
        const wanted = roles.list().filter(({ path }) => path.startsWith(PathPrefix));
        return pageMembers(wanted, page, 'Roles', described);
      },
    },
    UpdateRole: {
      act: ({ RoleName, Description, MaxSessionDuration }) => {
        const role = roles.get(RoleName);
        role.description = Description ?? role.description;
        role.maxSessionSec = MaxSessionDuration ?? role.maxSessionSec;
        return {};
      },
    },
    UpdateAssumeRolePolicy: {
      act: ({ RoleName, PolicyDocument }) => {
        roles.get(RoleName).trust = checkedDocument(PolicyDocument, 'policyDocument');
      },
    },
    DeleteRole: { act: ({ RoleName }) => roles.delete(roles.get(RoleName)) },
    TagRole: {
      act: ({ RoleName, Tags }) => {
        const { tags } = roles.get(RoleName);
        for (const { Key = '', Value = '' } of Tags ?? []) tags.set(Key, Value);
      },
    },
    UntagRole: {
      act: ({ RoleName, TagKeys }) => {
        const { tags } = roles.get(RoleName);
        for (const key of TagKeys ?? []) tags.delete(key);
      },
    },
    ListRoleTags: { act: ({ RoleName, ...page }) => pageMembers([...roles.get(RoleName).tags], page, 'Tags', ([Key, Value]) => ({ Key, Value })) },
    // Instance profiles are EC2's, which the lab has not: no role has any. Tools ask before they delete a role.
    ListInstanceProfilesForRole: {
      act: ({ RoleName }) => {
        roles.get(RoleName);
        return { InstanceProfiles: [], IsTruncated: false };
      },
    },
  };
}

/** What roles may do, on paper: managed policies that are attached to them and their own inline ones. */
export function rolePolicyOperations(roles: Roles, policies: Policies): Record<string, Operation<RoleInput>> {
  return {
    AttachRolePolicy: { act: ({ RoleName, PolicyArn }) => void roles.get(RoleName).attached.add(policies.checkAttachable(PolicyArn)) },
    DetachRolePolicy: {
      act: ({ RoleName, PolicyArn }) => {
        if (!roles.get(RoleName).attached.delete(required(PolicyArn, 'policyArn'))) throw notAttached(PolicyArn ?? '');
      },
    },
    ListAttachedRolePolicies: {
      act: ({ RoleName, ...page }) =>
        pageMembers([...roles.get(RoleName).attached], page, 'AttachedPolicies', (PolicyArn) => ({
          PolicyName: PolicyArn.slice(PolicyArn.lastIndexOf('/') + 1),
          PolicyArn,
        })),
    },
    PutRolePolicy: {
      act: ({ RoleName, PolicyName, PolicyDocument }) => {
        const document = checkedDocument(PolicyDocument, 'policyDocument');
        roles.get(RoleName).inline.set(required(PolicyName, 'policyName'), document);
      },
    },
    GetRolePolicy: {
      act: ({ RoleName, PolicyName }) => {
        const document = roles.get(RoleName).inline.get(required(PolicyName, 'policyName'));
        if (document === undefined) throw noSuchRolePolicy(PolicyName ?? '');
        return { RoleName, PolicyName, PolicyDocument: encoded(document) };
      },
    },
    DeleteRolePolicy: {
      act: ({ RoleName, PolicyName }) => {
        if (!roles.get(RoleName).inline.delete(required(PolicyName, 'policyName'))) throw noSuchRolePolicy(PolicyName ?? '');
      },
    },
    ListRolePolicies: { act: ({ RoleName, ...page }) => pageMembers([...roles.get(RoleName).inline.keys()], page, 'PolicyNames', (name) => name) },
  };
}

function described(role: Role): object {
  const { boundary, description, tags } = role;
  return {
    ...{ Path: role.path, RoleName: role.name, RoleId: role.id, Arn: role.arn, CreateDate: dateOf(role.createdMs) },
    ...{ AssumeRolePolicyDocument: encoded(role.trust), MaxSessionDuration: role.maxSessionSec },
    ...(description === undefined ? {} : { Description: description }),
    ...(boundary === undefined ? {} : { PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: boundary } }),
    ...(tags.size > 0 ? { Tags: [...tags].map(([Key, Value]) => ({ Key, Value })) } : {}),
  };
}

/** IAM's lists: 100 a page unless asked for fewer. */
export function pageMembers<Item>(items: readonly Item[], { Marker, MaxItems = 100 }: Paging, member: string, show: (item: Item) => unknown): object {
  const page = pageOf(items, Marker, MaxItems);
  if (!page) throw invalidMarker();
  return { [member]: page.items.map(show), IsTruncated: page.next !== undefined, ...(page.next === undefined ? {} : { Marker: page.next }) };
}

/** IAM gives documents back URL-encoded (RFC 3986). */
export function encoded(document: string): string {
  return encodeURIComponent(document).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
