import { timeoutSignal } from '../core/clock.ts';
import { messageOf, ProofloadError } from '../core/errors.ts';
import { type Match, matchPrice } from '../models/price-list/match.ts';
import { type Offer, readOffer, regionFile, regionIndexOf } from '../models/price-list/offers.ts';
import { wantedPrices } from '../models/price-list/wanted.ts';

/** Where AWS publishes its price list, for everybody and without credentials. */
export const priceListUrl = 'https://pricing.us-east-1.amazonaws.com';

const offerIndexPath = '/offers/v1.0/aws/index.json';
/** A Region's file of the services here is below 2 MB; the limits are for a server that is not the price list. */
const longestMs = 120_000;
const largestBytes = 100_000_000;

/**
 * Looks every price up that proofload knows, one file a service and Region. What is not found says why.
 * @throws ProofloadError `price-list-unreachable`, `bad-price-list`
 */
export async function readPriceList(region: string, baseUrl: string, onProgress: (text: string) => void): Promise<Match[]> {
  onProgress('reading the index of offers');
  const index = await readJson(at(baseUrl, offerIndexPath));
  const offers = new Map<string, Offer | string>();
  for (const code of new Set(wantedPrices.map(({ offer }) => offer))) {
    onProgress(`reading ${code}`);
    offers.set(code, await readRegion(index, code, region, baseUrl));
  }
  return wantedPrices.map((wanted) => {
    const offer = offers.get(wanted.offer);
    return typeof offer === 'object' ? matchPrice(wanted, offer) : { key: wanted.key, reason: offer ?? '' };
  });
}

/** The offer in the Region, or why there is none. */
async function readRegion(index: unknown, code: string, region: string, baseUrl: string): Promise<Offer | string> {
  const regionIndex = regionIndexOf(index, code);
  if (!regionIndex) return `the price list has no offer ${code}`;
  const file = regionFile(await readJson(at(baseUrl, regionIndex)), region);
  if (!file) return `offer ${code} has no prices for ${region}`;
  return readOffer(await readJson(at(baseUrl, file)), code);
}

/** AWS's indexes name files by path, from the root of the list; a mirror may have it in a folder. */
function at(baseUrl: string, path: string): string {
  return /^https?:/.test(path) ? path : `${baseUrl}${path}`;
}

async function readJson(url: string): Promise<unknown> {
  const hint = `give the base URL of a mirror with --from, or try again; prices stay as they are`;
  try {
    const response = await fetch(url, { signal: timeoutSignal(longestMs) });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    if (Number(response.headers.get('content-length') ?? 0) > largestBytes) throw new Error(`${response.headers.get('content-length')} bytes`);
    return await response.json();
  } catch (thrown) {
    const cause = thrown instanceof Error && thrown.cause !== undefined ? `: ${messageOf(thrown.cause)}` : '';
    throw new ProofloadError('price-list-unreachable', `${url} could not be read: ${messageOf(thrown)}${cause}`, { hint, cause: thrown });
  }
}
