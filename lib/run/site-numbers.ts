import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ProofloadError } from '../core/errors.ts';
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

/** The profile that is meant where a site names none: what differs from it in others is listed in `config/quotas/profiles`. */
export const usualProfile = 'us-east-1';

/**
 * The quotas of a site: those of its profile, with its own over them.
 * @throws ProofloadError `unknown-quota-profile` naming those that there are, `unknown-number`
 */
export function siteQuotas(site: SiteFile): Numbers {
  const { name, quotas, quotaProfile = usualProfile } = site;
  const profiles = join(configFolder('quotas'), 'profiles');
  const known = readdirSync(profiles).map((file) => basename(file, '.yaml'));
  if (!known.includes(quotaProfile))
    throw new ProofloadError('unknown-quota-profile', `site ${name} names the quotas ${quotaProfile}, which are none that proofload knows`, {
      hint: `quotas are: ${known.sort().join(', ')}; or a mapping of single quotas to numbers`,
    });
  const layers = [Numbers.fromFolder(configFolder('quotas')), Numbers.fromFile(join(profiles, `${quotaProfile}.yaml`))];
  const all = new Numbers(layers.flatMap((layer) => layer.keys().map((key) => [key, layer.entry(key)] as const)));
  return all.with(quotas, `site ${name}`, 'from the site file');
}
