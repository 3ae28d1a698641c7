import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { type AwsClients, createAwsClients } from '../core/aws-clients.ts';
import { type Clock, monotonicMs, scaledClock, wallClock } from '../core/clock.ts';
import { messageOf, ProofloadError } from '../core/errors.ts';
import type { Manifest } from '../record/types.ts';
import { type LabProcess, type LabProcessOptions, startLabProcess } from './lab-process.ts';
import type { Site } from './site.ts';
import { isLoopback, type SiteFile } from './site-file.ts';

/** Any pair does on an endpoint that checks no signature; real ones never leave this machine. */
const loopbackCredentials = { accessKeyId: 'proofload', secretAccessKey: 'proofload' };

/**
 * Opens a site: starts the lab, or reaches the endpoint or the account, and holds it against the allow-list.
 * @throws ProofloadError `site-unreachable`, `no-credentials`, `account-not-allowed`, `region-not-allowed`, or what the lab refused
 */
export async function openSite(file: SiteFile, options: LabProcessOptions): Promise<Site> {
  if (file.kind === 'lab') return openLab(file, options);
  const endpoint = file.endpoint;
  const clients = createAwsClients({ region: file.region, ...(endpoint ? { endpoint, credentials: loopbackCredentials } : {}) });
  try {
    const account = await identify(clients, file);
    const { clock, timeScale } = endpoint ? await endpointClock(endpoint) : { clock: wallClock(), timeScale: 1 };
    const loopback = endpoint !== undefined && isLoopback(new URL(endpoint).hostname);
    return {
      file,
      account,
      region: file.region,
      clients,
      clock,
      timeScale,
      loopback,
      numbers: () => usedNumbers(endpoint),
      gone: new Promise(() => {}),
      close: async () => clients.destroy(),
    };
  } catch (thrown) {
    clients.destroy();
    throw thrown;
  }
}

async function openLab(file: SiteFile, options: LabProcessOptions): Promise<Site> {
  const lab: LabProcess = await startLabProcess(file, options);
  const clients = createAwsClients({ region: file.region, endpoint: lab.endpoint, credentials: loopbackCredentials });
  try {
    const account = await identify(clients, file);
    const { clock, timeScale } = await endpointClock(lab.endpoint);
    const close = async (): Promise<void> => {
      clients.destroy();
      await lab.stop();
    };
    return {
      file,
      account,
      region: file.region,
      clients,
      clock,
      timeScale,
      loopback: true,
      numbers: () => usedNumbers(lab.endpoint),
      gone: lab.gone,
      close,
    };
  } catch (thrown) {
    clients.destroy();
    await lab.stop();
    throw thrown;
  }
}

/** The account behind the credentials, if the allow-list has it. */
async function identify(clients: AwsClients, file: SiteFile): Promise<string> {
  const account = await callerAccount(clients, file);
  if (!file.accounts.includes(account)) {
    throw new ProofloadError('account-not-allowed', `the credentials are for account ${account}, which site ${file.name} does not allow`, {
      hint: `allowed: ${file.accounts.join(', ')}; use other credentials, or add the account to the site file if a proof load may touch it`,
    });
  }
  if (!file.regions.includes(file.region)) {
    throw new ProofloadError('region-not-allowed', `region ${file.region} is not on the allow-list of site ${file.name}`, {
      hint: `allowed: ${file.regions.join(', ')}`,
    });
  }
  return account;
}

async function callerAccount(clients: AwsClients, file: SiteFile): Promise<string> {
  try {
    const identity = await clients.sts.send(new GetCallerIdentityCommand({}));
    return identity.Account ?? '';
  } catch (thrown) {
    const name = thrown instanceof Error ? thrown.name : '';
    if (name === 'CredentialsProviderError') {
      throw new ProofloadError('no-credentials', `no AWS credentials for site ${file.name}: ${messageOf(thrown)}`, {
        hint: 'set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run where a role is given; `proofload doctor` shows what is found',
        cause: thrown,
      });
    }
    throw new ProofloadError(
      'site-unreachable',
      `site ${file.name} does not answer${file.endpoint ? ` at ${file.endpoint}` : ''}: ${describe(thrown)}`,
      {
        hint: file.endpoint ? 'start it first: `proofload lab` prints the endpoint' : 'check the network, the region and the credentials',
        cause: thrown,
      },
    );
  }
}

function describe(thrown: unknown): string {
  const code = (thrown as { code?: unknown } | null)?.code;
  return messageOf(thrown) || String(code ?? thrown);
}

/** What a lab tells of itself; any member may be missing where the endpoint is something else. */
interface LabDescription {
  readonly timeScale?: number;
  readonly nowMs?: number;
  readonly numbers?: Manifest['numbers'];
}

async function describeLab(endpoint: string): Promise<LabDescription> {
  try {
    const reply = await fetch(`${endpoint}/_proofload/lab`, { signal: AbortSignal.timeout(5_000) });
    return reply.ok ? ((await reply.json()) as LabDescription) : {};
  } catch {
    return {};
  }
}

/** An endpoint that is a lab tells its clock, which may be faster than the wall's; any other runs on the wall's. */
async function endpointClock(endpoint: string): Promise<{ clock: Clock; timeScale: number }> {
  const asked = monotonicMs();
  const { timeScale, nowMs } = await describeLab(endpoint);
  if (timeScale === undefined || nowMs === undefined) return { clock: wallClock(), timeScale: 1 };
  return { clock: scaledClock(timeScale, nowMs, (asked + monotonicMs()) / 2), timeScale };
}

async function usedNumbers(endpoint: string | undefined): Promise<Manifest['numbers']> {
  return endpoint === undefined ? [] : ((await describeLab(endpoint)).numbers ?? []);
}
