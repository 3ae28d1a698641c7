import { GetCallerIdentityCommand, STSServiceException } from '@aws-sdk/client-sts';
import { type AwsClients, createAwsClients } from '../core/aws-clients.ts';
import { type Clock, monotonicMs, scaledClock, timeoutSignal, wallClock } from '../core/clock.ts';
import { messageOf, ProofloadError } from '../core/errors.ts';
import type { Manifest } from '../record/types.ts';
import { type LabProcess, type LabProcessOptions, startLabProcess } from './lab-process.ts';
import type { Site } from './site.ts';
import { isLoopback, type SiteFile } from './site-file.ts';

/** Any pair does on an endpoint that checks no signature; real ones never leave this machine. */
const loopbackCredentials = { accessKeyId: 'proofload', secretAccessKey: 'proofload' };

/**
 * Opens a site: starts the lab, or reaches the endpoint or the account, and holds it against the allow-list.
 * @throws ProofloadError `site-unreachable`, `not-aws`, `no-credentials`, `credentials-refused`, `account-not-allowed`, `region-not-allowed`, or what the lab refused
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
      onIncident: () => {},
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
      onIncident: lab.onIncident,
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
  const identity = await clients.sts.send(new GetCallerIdentityCommand({})).catch((thrown: unknown) => {
    throw unidentified(thrown, file);
  });
  if (identity.Account) return identity.Account;
  throw new ProofloadError('not-aws', `what answers at ${file.endpoint ?? file.name} does not speak AWS's APIs: it names no account`, {
    hint: 'an endpoint site is a lab (`proofload lab` prints its endpoint) or another emulator of AWS on this machine',
  });
}

/** Why a site did not tell who we are there: no credentials, refused ones, or no answer. */
function unidentified(thrown: unknown, { name, endpoint }: SiteFile): ProofloadError {
  const place = endpoint ? ` at ${endpoint}` : '';
  if (thrown instanceof Error && thrown.name === 'CredentialsProviderError') {
    return new ProofloadError('no-credentials', `no AWS credentials for site ${name}: ${thrown.message}`, {
      hint: 'set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run where a role is given; `proofload doctor` shows what is found',
      cause: thrown,
    });
  }
  if (thrown instanceof STSServiceException) {
    return new ProofloadError('credentials-refused', `site ${name}${place} refused the credentials: ${thrown.name}: ${thrown.message}`, {
      hint: 'renew them (aws sso login, a new session token), or check that they are for this partition and region',
      cause: thrown,
    });
  }
  // A refused connection to a name with several addresses has no message, only a code.
  const reason = messageOf(thrown) || String((thrown as { code?: unknown } | null)?.code ?? thrown);
  return new ProofloadError('site-unreachable', `site ${name} does not answer${place}: ${reason}`, {
    hint: endpoint ? 'start it first: `proofload lab` prints the endpoint' : 'check the network, the region and the credentials',
    cause: thrown,
  });
}

/** What a lab tells of itself; any member may be missing where the endpoint is something else. */
interface LabDescription {
  readonly timeScale?: number;
  readonly nowMs?: number;
  readonly numbers?: Manifest['numbers'];
}

async function describeLab(endpoint: string): Promise<LabDescription> {
  try {
    const reply = await fetch(`${endpoint}/_proofload/lab`, { signal: timeoutSignal(5_000) });
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
