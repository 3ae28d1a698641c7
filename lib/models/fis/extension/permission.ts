import type { S3Location } from './location.ts';

/** One policy document of IAM, as far as it matters here; members are a text or a list of them. */
export interface PolicyDocument {
  readonly Statement?: Statement | readonly Statement[];
}

/** AWS's own policies that let a role read S3, by name; as far as S3 goes. */
export const managedPolicies: Readonly<Record<string, PolicyDocument>> = {
  AdministratorAccess: { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } },
  PowerUserAccess: { Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' } },
  AmazonS3FullAccess: { Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' } },
  AmazonS3ReadOnlyAccess: { Statement: { Effect: 'Allow', Action: ['s3:Get*', 's3:List*'], Resource: '*' } },
};

interface Statement {
  readonly Effect?: string;
  readonly Action?: Texts;
  readonly NotAction?: Texts;
  readonly Resource?: Texts;
  readonly NotResource?: Texts;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, Texts>>>>;
}

type Texts = string | readonly string[];

/** One call that a policy may allow. */
interface Call {
  readonly action: string;
  readonly resource: string;
  readonly prefix?: string;
}

/**
 * Whether `policies` let a function's role list and read what lies below `location`: s3:ListBucket on the bucket and s3:GetObject on the
 * objects, each allowed by a statement and denied by none. Of conditions only those on `s3:prefix` are looked at; all others count as met.
 */
export function mayRead(policies: readonly PolicyDocument[], { bucket, prefix }: S3Location): boolean {
  const calls: Call[] = [
    { action: 's3:ListBucket', resource: `arn:aws:s3:::${bucket}`, prefix },
    { action: 's3:GetObject', resource: `arn:aws:s3:::${bucket}/${prefix}fault` },
  ];
  const statements = policies.flatMap(({ Statement = [] }) => listOf(Statement));
  return calls.every((call) => {
    const applying = statements.filter((statement) => applies(statement, call));
    return applying.some(({ Effect }) => Effect === 'Allow') && !applying.some(({ Effect }) => Effect === 'Deny');
  });
}

function applies(statement: Statement, call: Call): boolean {
  const { Action, NotAction, Resource, NotResource } = statement;
  const action = Action === undefined ? NotAction !== undefined && !matches(NotAction, call.action, true) : matches(Action, call.action, true);
  const resource = Resource === undefined ? NotResource !== undefined && !matches(NotResource, call.resource) : matches(Resource, call.resource);
  return action && resource && conditionsHold(statement, call);
}

function conditionsHold({ Condition = {} }: Statement, { prefix }: Call): boolean {
  if (prefix === undefined) return true;
  return Object.entries(Condition).every(([operator, keys]) => {
    const wanted = Object.entries(keys).find(([key]) => key.toLowerCase() === 's3:prefix')?.[1];
    if (wanted === undefined) return true;
    const holds = matches(wanted, prefix) || matches(wanted, `${prefix}fault`);
    return /Not/.test(operator) ? !holds : holds;
  });
}

/** Patterns of IAM: `*` stands for any text, `?` for one character. Actions do not mind upper and lower case. */
function matches(patterns: Texts, text: string, ignoreCase = false): boolean {
  return listOf(patterns).some((pattern) => {
    const escaped = pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    // The lab's own partition may be written in any way in a template.
    return new RegExp(`^${escaped.replace(/^arn:aws[a-z-]*:/, 'arn:aws:')}$`, ignoreCase ? 'i' : '').test(text);
  });
}

function listOf<Item>(value: Item | readonly Item[]): readonly Item[] {
  return Array.isArray(value) ? value : [value as Item];
}
