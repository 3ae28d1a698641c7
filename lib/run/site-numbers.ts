import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Numbers } from '../core/numbers.ts';
import type { SiteFile } from '../sites/site-file.ts';
import { configFolder } from './lab-stacks.ts';

/**
 * The price list of a site's region with the site's own prices over it; undefined where proofload has no list for the
 * region: then the cost is no-data, never another region's.
 * @throws ProofloadError `unknown-number` when the site names a price that no list has
 */
export function sitePrices(site: SiteFile): Numbers | undefined {
  const file = join(configFolder('prices'), `${site.region}.yaml`);
  if (!existsSync(file)) return undefined;
  return Numbers.fromFile(file).with(site.prices, `site ${site.name}`, 'from the site file');
}

/** Quotas with the site's raised ones over them. @throws ProofloadError `unknown-number` */
export function siteQuotas(site: SiteFile): Numbers {
  return Numbers.fromFolder(configFolder('quotas')).with(site.quotas, `site ${site.name}`, 'from the site file');
}
