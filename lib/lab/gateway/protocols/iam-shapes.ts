/**
 * Shapes of the IAM operations that the lab has, in the form in which AWS SDK clients export theirs: proofload itself never calls IAM, so that its
 * client is no dependency. Names as in IAM's service model, version 2010-05-08.
 */
const namespace = 'com.amazonaws.iam';
const [text, number, truth, time] = [0, 1, 2, 4];

type Members = Readonly<Record<string, unknown>>;

function struct(name: string, members: Members): unknown {
  return [3, namespace, name, 0, Object.keys(members), Object.values(members)];
}

function list(name: string, item: unknown): unknown {
  return [1, namespace, name, 0, item];
}

/** Without `output` the answer has no result element. */
function operation(name: string, input: Members, output?: Members): unknown {
  return [9, namespace, name, 0, struct(`${name}Request`, input), output ? struct(`${name}Response`, output) : 'unit'];
}

const tags = list('tagListType', struct('Tag', { Key: text, Value: text }));
const texts = list('textListType', text);
const page = { Marker: text, MaxItems: number };
const paged = { IsTruncated: truth, Marker: text };
const role = struct('Role', {
  ...{ Path: text, RoleName: text, RoleId: text, Arn: text, CreateDate: time, AssumeRolePolicyDocument: text, Description: text },
  ...{ MaxSessionDuration: number, Tags: tags },
  PermissionsBoundary: struct('AttachedPermissionsBoundary', { PermissionsBoundaryType: text, PermissionsBoundaryArn: text }),
});
const policy = struct('Policy', {
  ...{ PolicyName: text, PolicyId: text, Arn: text, Path: text, DefaultVersionId: text, AttachmentCount: number, IsAttachable: truth },
  ...{ Description: text, CreateDate: time, UpdateDate: time, Tags: tags },
});
const version = struct('PolicyVersion', { Document: text, VersionId: text, IsDefaultVersion: truth, CreateDate: time });
const attached = struct('AttachedPolicy', { PolicyName: text, PolicyArn: text });
const profile = struct('InstanceProfile', { InstanceProfileName: text });
const ofRole = { RoleName: text };

export const CreateRole$ = operation(
  'CreateRole',
  {
    ...{ Path: text, RoleName: text, AssumeRolePolicyDocument: text, Description: text, MaxSessionDuration: number, PermissionsBoundary: text },
    Tags: tags,
  },
  { Role: role },
);
export const GetRole$ = operation('GetRole', ofRole, { Role: role });
export const ListRoles$ = operation('ListRoles', { PathPrefix: text, ...page }, { Roles: list('roleListType', role), ...paged });
export const UpdateRole$ = operation('UpdateRole', { ...ofRole, Description: text, MaxSessionDuration: number }, {});
export const UpdateAssumeRolePolicy$ = operation('UpdateAssumeRolePolicy', { ...ofRole, PolicyDocument: text });
export const DeleteRole$ = operation('DeleteRole', ofRole);
export const TagRole$ = operation('TagRole', { ...ofRole, Tags: tags });
export const UntagRole$ = operation('UntagRole', { ...ofRole, TagKeys: texts });
export const ListRoleTags$ = operation('ListRoleTags', { ...ofRole, ...page }, { Tags: tags, ...paged });
export const AttachRolePolicy$ = operation('AttachRolePolicy', { ...ofRole, PolicyArn: text });
export const DetachRolePolicy$ = operation('DetachRolePolicy', { ...ofRole, PolicyArn: text });
export const ListAttachedRolePolicies$ = operation(
  'ListAttachedRolePolicies',
  { ...ofRole, PathPrefix: text, ...page },
  { AttachedPolicies: list('attachedPoliciesListType', attached), ...paged },
);
export const PutRolePolicy$ = operation('PutRolePolicy', { ...ofRole, PolicyName: text, PolicyDocument: text });
export const GetRolePolicy$ = operation('GetRolePolicy', { ...ofRole, PolicyName: text }, { ...ofRole, PolicyName: text, PolicyDocument: text });
export const DeleteRolePolicy$ = operation('DeleteRolePolicy', { ...ofRole, PolicyName: text });
export const ListRolePolicies$ = operation('ListRolePolicies', { ...ofRole, ...page }, { PolicyNames: texts, ...paged });
export const ListInstanceProfilesForRole$ = operation(
  'ListInstanceProfilesForRole',
  { ...ofRole, ...page },
  { InstanceProfiles: list('instanceProfileListType', profile), ...paged },
);
export const CreatePolicy$ = operation(
  'CreatePolicy',
  { PolicyName: text, Path: text, PolicyDocument: text, Description: text, Tags: tags },
  { Policy: policy },
);
export const GetPolicy$ = operation('GetPolicy', { PolicyArn: text }, { Policy: policy });
export const GetPolicyVersion$ = operation('GetPolicyVersion', { PolicyArn: text, VersionId: text }, { PolicyVersion: version });
export const ListPolicyVersions$ = operation(
  'ListPolicyVersions',
  { PolicyArn: text, ...page },
  { Versions: list('policyDocumentVersionListType', version), ...paged },
);
export const DeletePolicy$ = operation('DeletePolicy', { PolicyArn: text });
