import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { parse } from 'yaml';
import { messageOf, ProofloadError } from '../core/errors.ts';
import { packageRoot } from '../core/package-root.ts';

/** What a site file says: where a run may go, and with which numbers it reckons. */
export interface SiteFile {
  readonly name: string;
  readonly kind: 'lab' | 'aws' | 'endpoint';
  readonly region: string;
  /** Accounts that traffic and faults may touch; a run elsewhere is refused. */
  readonly accounts: readonly string[];
  /** Regions likewise; default: `region` alone. */
  readonly regions: readonly string[];
  /** Base URL of an endpoint site; on loopback only. */
  readonly endpoint?: string;
  /** Lab only: how many of its milliseconds pass in one of the wall's. */
  readonly timeScale: number;
  /** Lab only: `none` turns service time off. */
  readonly latency: 'modelled' | 'none';
  /** Lab only: AWS's lateness, gaps and slow states. */
  readonly asAwsIs: boolean;
  /** Lab only: the profile of quotas (`config/quotas/profiles`) that the file names. */
  readonly quotaProfile?: string;
  /** Lab only: the site's own quotas, over those of the profile; by key of `config/quotas`. */
  readonly quotas: Readonly<Record<string, number>>;
  /** Discounts, by key of `config/prices`. */
  readonly prices: Readonly<Record<string, number>>;
  /** What one run may cost: one that is expected to cost more is refused, one that has cost more is stopped. Absent: any sum. */
  readonly maxCostUsd?: number;
  /** What the user wrote for `--site`; the lab's own process reads the same. */
  readonly source: string;
}

const members = ['name', 'kind', 'region', 'accounts', 'regions', 'endpoint', 'timeScale', 'latency', 'asAwsIs', 'quotas', 'prices', 'maxCostUsd'];
export const labAccount = '123456789012';

/**
 * The site that `--site` means: a name (`config/sites/<name>.yaml` of the folder, then of proofload), a path to a site
 * file, or the URL of an endpoint on loopback.
 * @throws ProofloadError `unknown-site`, `bad-site-file`, `endpoint-not-loopback`
 */
export function readSite(site: string, cwd: string): SiteFile {
  if (/^https?:\/\//.test(site)) return endpointSite(site);
  const file = siteFilePath(site, cwd);
  let raw: unknown;
  try {
    raw = parse(readFileSync(file, 'utf8'));
  } catch (thrown) {
    throw new ProofloadError('bad-site-file', `${relative(cwd, file)}: ${messageOf(thrown)}`, { cause: thrown });
  }
  return checkedSite(raw, relative(cwd, file) || file, site);
}

function endpointSite(url: string): SiteFile {
  return checkedSite({ name: url, kind: 'endpoint', region: 'us-east-1', endpoint: url, accounts: [labAccount] }, url, url);
}

function siteFilePath(site: string, cwd: string): string {
  const isPath = /[/\\]|\.ya?ml$/.test(site);
  const places = isPath
    ? [isAbsolute(site) ? site : resolve(cwd, site)]
    : [cwd, packageRoot()].map((folder) => join(folder, 'config/sites', `${site}.yaml`));
  const found = places.find((place) => existsSync(place));
  if (found) return found;
  throw new ProofloadError('unknown-site', isPath ? `no site file ${site}` : `no site named ${site}`, {
    hint: `known sites: ${knownSites(cwd).join(', ')}; or give the path of a site file, or the URL of an endpoint on loopback`,
  });
}

function knownSites(cwd: string): string[] {
  const folders = [cwd, packageRoot()].map((folder) => join(folder, 'config/sites')).filter((folder) => existsSync(folder));
  const names = folders.flatMap((folder) => readdirSync(folder)).filter((name) => name.endsWith('.yaml'));
  return [...new Set(names.map((name) => name.replace(/\.yaml$/, '')))].sort();
}

type Raw = Partial<Record<keyof SiteFile, unknown>>;

function checkedSite(raw: unknown, where: string, source: string): SiteFile {
  const problem = problemOf(raw);
  if (problem) throw new ProofloadError('bad-site-file', `${where}: ${problem.what}`, problem.hint ? { hint: problem.hint } : {});
  const site = raw as Raw;
  if (site.kind === 'endpoint') assertLoopback(String(site.endpoint ?? ''), where);
  return {
    name: site.name as string,
    kind: site.kind as SiteFile['kind'],
    region: site.region as string,
    accounts: (site.accounts as unknown[]).map(String),
    regions: (site.regions as readonly string[] | undefined) ?? [site.region as string],
    ...(site.endpoint ? { endpoint: String(site.endpoint).replace(/\/$/, '') } : {}),
    timeScale: (site.timeScale as number | undefined) ?? 1,
    latency: (site.latency as SiteFile['latency'] | undefined) ?? 'modelled',
    asAwsIs: site.asAwsIs === true,
    ...quotasOf(site.quotas),
    prices: (site.prices ?? {}) as Record<string, number>,
    ...(site.maxCostUsd === undefined ? {} : { maxCostUsd: site.maxCostUsd as number }),
    source,
  };
}

/** `quotas: most-regions`, `quotas: { profile: most-regions, lambda.account-concurrency: 3000 }`, or the latter without a profile. */
function quotasOf(raw: unknown): Pick<SiteFile, 'quotaProfile' | 'quotas'> {
  if (typeof raw === 'string') return { quotaProfile: raw, quotas: {} };
  const { profile, ...quotas } = (raw ?? {}) as { profile?: string } & Record<string, number>;
  return { ...(profile === undefined ? {} : { quotaProfile: profile }), quotas };
}

interface Problem {
  readonly what: string;
  readonly hint?: string;
}

/** What is wrong with a site file, the first thing; undefined where it holds. */
function problemOf(raw: unknown): Problem | undefined {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return { what: 'a site file is a mapping with name, kind, region and accounts' };
  const unknown = Object.keys(raw).find((key) => !members.includes(key));
  if (unknown) return { what: `unknown member ${unknown}`, hint: `known: ${members.join(', ')}` };
  const site = raw as Raw;
  if (typeof site.name !== 'string') return { what: 'name is missing' };
  if (site.kind !== 'lab' && site.kind !== 'aws' && site.kind !== 'endpoint')
    return { what: `kind must be lab, aws or endpoint, not ${text(site.kind)}` };
  if (typeof site.region !== 'string') return { what: 'region is missing' };
  if (!Array.isArray(site.accounts) || !site.accounts.every((account) => /^\d{12}$/.test(String(account))))
    return { what: 'accounts must list the 12-digit accounts that a run may touch', hint: 'write them as text: "123456789012"' };
  return misplaced(site) ?? wrongValue(site);
}

/** A member that means nothing for the kind of site: who wrote it expects something that would not happen. */
function misplaced(site: Raw): Problem | undefined {
  if (site.endpoint !== undefined && site.kind !== 'endpoint')
    return {
      what: `endpoint belongs to kind: endpoint, not to kind: ${String(site.kind)}`,
      hint: 'leave it out: a lab is started by the run, and AWS is reached at its own endpoints; for an emulator on this machine write kind: endpoint',
    };
  const labOnly = (['timeScale', 'latency', 'asAwsIs', 'quotas'] as const).find((member) => site[member] !== undefined);
  if (labOnly === undefined || site.kind === 'lab') return undefined;
  return {
    what: `${labOnly} belongs to kind: lab, not to kind: ${String(site.kind)}`,
    hint: 'only a lab that the run starts can be told how to behave',
  };
}

function wrongValue(site: Raw): Problem | undefined {
  const { regions, timeScale = 1, latency = 'modelled', asAwsIs = false, quotas = {}, prices = {}, maxCostUsd = 0 } = site;
  if (regions !== undefined && !(Array.isArray(regions) && regions.every((region) => typeof region === 'string')))
    return { what: `regions must be a list of regions, not ${text(regions)}` };
  if (typeof timeScale !== 'number' || !(timeScale >= 1)) return { what: 'timeScale must be a number of at least 1' };
  if (latency !== 'modelled' && latency !== 'none') return { what: `latency must be modelled or none, not ${text(latency)}` };
  if (typeof asAwsIs !== 'boolean') return { what: `asAwsIs must be true or false, not ${text(asAwsIs)}` };
  if (typeof maxCostUsd !== 'number' || !(maxCostUsd >= 0)) return { what: `maxCostUsd must be an amount in US dollars, not ${text(maxCostUsd)}` };
  return wrongQuotas(quotas) ?? wrongNumbers('prices', prices);
}

function wrongQuotas(quotas: unknown): Problem | undefined {
  if (typeof quotas === 'string') return undefined;
  const { profile, ...numbers } = (quotas ?? {}) as Record<string, unknown>;
  if (profile !== undefined && typeof profile !== 'string') return { what: `quotas.profile must be the name of a profile, not ${text(profile)}` };
  return wrongNumbers('quotas', Array.isArray(quotas) ? quotas : numbers);
}

function wrongNumbers(member: string, numbers: unknown): Problem | undefined {
  if (typeof numbers !== 'object' || numbers === null || Array.isArray(numbers))
    return { what: `${member} must be a mapping of names to numbers, not ${text(numbers)}` };
  const isTable = (each: unknown): boolean =>
    typeof each === 'object' && each !== null && Object.values(each).every((one) => typeof one === 'number');
  const wrong = Object.entries(numbers).find(([, each]) => typeof each !== 'number' && !isTable(each));
  return wrong && { what: `${member}: ${wrong[0]} must be a number, or a table of numbers, not ${text(wrong[1])}` };
}

/** A value as an error shows it. */
function text(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

/** True for the hosts that stay on this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function assertLoopback(url: string, where: string): void {
  const hostname = URL.canParse(url) ? new URL(url).hostname : '';
  if (isLoopback(hostname)) return;
  throw new ProofloadError('endpoint-not-loopback', `${where}: ${url || 'the endpoint'} is not a URL on loopback`, {
    hint: 'an endpoint site is an emulator on this machine, such as http://127.0.0.1:4566; for AWS use a site file with kind: aws and its accounts',
  });
}
