import { isDeepStrictEqual } from 'node:util';
import type { RunRecord } from '../../record/reader.ts';
import type { Manifest, ResourceConfiguration } from '../../record/types.ts';

/** What two runs can differ in. */
export const differenceKinds = {
  exercise: 'the exercise, its setting, phases and faults',
  traffic: 'flows and how often they start',
  site: 'kind, account and region of the site',
  clock: "how fast the site's clock runs",
  numbers: 'quotas, latencies and prices that the lab reckons with',
  generator: 'the machine that makes the traffic',
  versions: 'versions of proofload, Node and the generators',
  seed: 'the seed of data, arrivals and the lab',
  code: 'the code of functions and workflows',
  functions: 'settings of functions (memory, timeout, runtime, concurrency)',
  tables: 'mode, throughput, keys and indexes of tables',
  resources: 'which resources there are, and settings of the others',
} as const;

export type DifferenceKind = keyof typeof differenceKinds;

/** What may differ without being asked: a release changes code, and each run draws its own seed. */
const alwaysMayDiffer: readonly DifferenceKind[] = ['code', 'seed'];

/** One thing in which the candidate is not what the reference was. */
export interface Difference {
  readonly kind: DifferenceKind;
  readonly what: string;
  readonly reference: string;
  readonly candidate: string;
  /** Whether the runs can be compared nevertheless. */
  readonly allowed: boolean;
}

/** What is compared of a record: its fingerprint. */
export type Fingerprinted = Pick<RunRecord, 'manifest' | 'plan' | 'resources'>;

interface Plan {
  readonly phases?: unknown;
  readonly flows?: readonly { readonly name?: string }[];
  readonly faults?: readonly { readonly name?: string }[];
}

type Found = Omit<Difference, 'allowed'>;

/**
 * In what two runs differ, beside what they measured. Members that one of them does not have, because an older version wrote it, are not compared.
 * @param mayDiffer what the candidate's exercise allows in writing, beside code and seed
 */
export function differencesOf(reference: Fingerprinted, candidate: Fingerprinted, mayDiffer: readonly DifferenceKind[]): Difference[] {
  const allowed = new Set([...alwaysMayDiffer, ...mayDiffer]);
  const found = [
    ...ofManifests(reference.manifest, candidate.manifest),
    ...ofPlans(reference.plan, candidate.plan),
    ...ofResources(reference, candidate),
  ];
  return found.map((each) => ({ ...each, allowed: allowed.has(each.kind) }));
}

function ofManifests(reference: Manifest, candidate: Manifest): Found[] {
  const site = ({ site: { kind, account, region } }: Manifest) => ({ kind, account, region });
  return [
    ...unequal('exercise', 'exercise', reference.exercise, candidate.exercise),
    ...unequal('exercise', 'setting', reference.setting ?? 'none', candidate.setting ?? 'none'),
    ...unequal('exercise', 'smoke', reference.smoke, candidate.smoke),
    ...members('site', 'site', site(reference), site(candidate)),
    ...unequal('clock', 'speed of the clock', reference.timeScale, candidate.timeScale),
    ...members('generator', 'generator', reference.generator ?? {}, candidate.generator ?? {}),
    ...unequal('generator', 'source of the figures', reference.imported?.format ?? 'this run', candidate.imported?.format ?? 'this run'),
    ...members('versions', 'version', reference.versions, candidate.versions),
    ...members('numbers', 'number', valuesOf(reference), valuesOf(candidate)),
    ...unequal('seed', 'seed', reference.seed, candidate.seed),
  ];
}

function valuesOf({ numbers }: Manifest): Record<string, unknown> {
  return Object.fromEntries(numbers.flatMap(({ key, value }) => (value === undefined ? [] : [[key, value]])));
}

function ofPlans(reference: unknown, candidate: unknown): Found[] {
  const [before, after] = [reference as Plan | undefined, candidate as Plan | undefined];
  if (!before || !after) return [];
  return [
    ...unequal('exercise', 'phases', before.phases, after.phases),
    ...byName('traffic', 'flow', before.flows ?? [], after.flows ?? []),
    ...byName('exercise', 'fault', before.faults ?? [], after.faults ?? []),
  ];
}

function byName(kind: DifferenceKind, what: string, before: readonly { name?: string }[], after: readonly { name?: string }[]): Found[] {
  const names = new Set([...before, ...after].map(({ name = '' }) => name));
  const find = (all: readonly { name?: string }[], name: string) => all.find((each) => each.name === name);
  return [...names].flatMap((name) => unequal(kind, `${what} ${name}`, find(before, name), find(after, name)));
}

const configurationKinds: Readonly<Record<string, DifferenceKind>> = { 'AWS::Lambda::Function': 'functions', 'AWS::DynamoDB::Table': 'tables' };
/** What changes with the code, and what changes with each deployment without meaning anything. */
const codeMembers = ['CodeSha256', 'definitionLength'];
const ignoredMembers = ['CodeSize', 'LastModified', 'revisionId'];

function ofResources(reference: Fingerprinted, candidate: Fingerprinted): Found[] {
  if (reference.resources.length === 0 || candidate.resources.length === 0) return [];
  const [before, after] = [configurations(reference.resources), configurations(candidate.resources)];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((logicalId) => {
    const [left, right] = [before.get(logicalId), after.get(logicalId)];
    if (!left || !right) return unequal('resources', logicalId, left ? 'there' : 'absent', right ? 'there' : 'absent');
    if (left.type !== right.type) return unequal('resources', `type of ${logicalId}`, left.type, right.type);
    return Object.keys({ ...left.configuration, ...right.configuration })
      .filter((member) => !ignoredMembers.includes(member))
      .flatMap((member) => {
        const kind = codeMembers.includes(member) ? 'code' : (configurationKinds[left.type] ?? 'resources');
        return unequal(kind, `${member} of ${logicalId}`, left.configuration[member], right.configuration[member]);
      });
  });
}

/** By logical id; physical names, which differ from stack to stack, become logical ones wherever they stand. */
function configurations(resources: readonly ResourceConfiguration[]): Map<string, ResourceConfiguration> {
  const physical = resources.filter(({ physicalId }) => physicalId !== '').sort((a, b) => b.physicalId.length - a.physicalId.length);
  const logical = (configuration: ResourceConfiguration['configuration']): ResourceConfiguration['configuration'] => {
    let text = JSON.stringify(configuration);
    for (const { physicalId, logicalId } of physical) text = text.replaceAll(JSON.stringify(physicalId).slice(1, -1), logicalId);
    return JSON.parse(text) as ResourceConfiguration['configuration'];
  };
  return new Map(resources.map((each) => [each.logicalId, { ...each, configuration: logical(each.configuration) }]));
}

/** Members that both have and that differ. */
function members(kind: DifferenceKind, what: string, before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>): Found[] {
  return Object.keys(before)
    .filter((name) => Object.hasOwn(after, name))
    .flatMap((name) => unequal(kind, `${what} ${name}`, before[name], after[name]));
}

function unequal(kind: DifferenceKind, what: string, reference: unknown, candidate: unknown): Found[] {
  return isDeepStrictEqual(reference, candidate) ? [] : [{ kind, what, reference: textOf(reference), candidate: textOf(candidate) }];
}

function textOf(value: unknown): string {
  if (value === undefined) return 'absent';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
