import { readMetered } from '../collect/metered.ts';
import { collectResources } from '../collect/resources.ts';
import { messageOf, ProofloadError } from '../core/errors.ts';
import { billedMetrics, spentUsd } from '../grade/cost/spent.ts';
import type { ResourceConfiguration } from '../record/types.ts';
import { usdText } from '../report/format.ts';
import type { SiteFile } from '../sites/site-file.ts';
import { readTemplate } from '../template/index.ts';
import type { CostEstimate } from './estimate.ts';
import { withApiNames } from './rest-api-names.ts';
import type { Session } from './session.ts';
import { sitePrices } from './site-numbers.ts';

/** How often the run's cost is looked at, the site's time: CloudWatch has a new minute each minute. */
const everyMs = 60_000;

/**
 * Refuses a run that is expected to cost more than its site allows, and one whose cost nobody could tell.
 * @throws ProofloadError `too-expensive`, `cost-unknown`
 */
export function refuseTooExpensive({ name, region, maxCostUsd }: SiteFile, estimate: CostEstimate | undefined, where: string): void {
  if (maxCostUsd === undefined) return;
  if (!estimate)
    throw new ProofloadError(
      'cost-unknown',
      `${where}: site ${name} allows ${usdText(maxCostUsd)} a run, and there is no price list for ${region} to hold it against`,
      {
        hint: `make one with \`proofload prices refresh --region ${region}\`, or take maxCostUsd out of the site file`,
      },
    );
  if (estimate.aboutUsd <= maxCostUsd) return;
  throw new ProofloadError(
    'too-expensive',
    `${where}: the run would cost about ${usdText(estimate.aboutUsd)}, and site ${name} allows ${usdText(maxCostUsd)}`,
    {
      hint: `it rests on ${estimate.rests}; lower the rate, shorten the phases, or raise maxCostUsd of the site file`,
    },
  );
}

/**
 * Ends the run when what CloudWatch has metered of it costs more than its site allows. AWS's metrics come minutes late, so this stops what would run on,
 * not the last cent. A site without a limit is not asked.
 * @returns what stops the watching
 */
export function watchSpending(session: Session): () => void {
  const { site, interruption, journal } = session;
  const { maxCostUsd, name } = site.file;
  const prices = sitePrices(site.file);
  if (maxCostUsd === undefined || !prices) return () => {};
  const stopping = new AbortController();
  const startMs = site.clock.now();
  let resources: readonly ResourceConfiguration[] | undefined;
  let warned = false;
  const look = async (): Promise<void> => {
    resources ??= await describeBilled(session);
    const window = { startMs, endMs: site.clock.now() };
    const metrics = await readMetered({ cloudwatch: site.clients.cloudwatch, resources, metrics: billedMetrics, window });
    const usd = spentUsd({ resources, metrics, journal: journal.events, prices, window });
    if (usd <= maxCostUsd || interruption.signal.aborted || stopping.signal.aborted) return;
    const detail = `the run has cost ${usdText(usd)} at least, and site ${name} allows ${usdText(maxCostUsd)}`;
    journal.add({ kind: 'stopped', by: 'guard', detail });
    interruption.end({ kind: 'stop-condition', detail });
  };
  const failed = (thrown: unknown): void => {
    if (warned || stopping.signal.aborted) return;
    warned = true;
    const advice = 'the limit of the site was not watched meanwhile; the run went on';
    journal.warn({ code: 'spending-unwatched', message: `what the run costs could not be read: ${messageOf(thrown)}`, advice, invalidates: false });
  };
  void (async () => {
    while (!stopping.signal.aborted && !interruption.signal.aborted) {
      await site.clock.sleep(everyMs, stopping.signal).catch(() => undefined);
      if (!stopping.signal.aborted) await look().catch(failed);
    }
  })();
  return () => stopping.abort();
}

async function describeBilled({ site, prepared, loaded }: Session): Promise<ResourceConfiguration[]> {
  const described = await collectResources(site.clients, prepared.stack);
  return withApiNames(described, readTemplate(loaded.systemTemplate), prepared.stack.name);
}
