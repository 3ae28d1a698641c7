import type { Band, Offer } from './offers.ts';
import type { WantedPrice } from './wanted.ts';

/** A price as the AWS Price List has it, free bands left out; or why it was not found there. */
export type Match =
  | { readonly key: string; readonly bands: readonly Band[]; readonly date: string; readonly source: string }
  | { readonly key: string; readonly reason: string };

/** What AWS writes before the usage types of a Region; us-east-1 has none for most. */
const regionPrefix = '(?:(?:US|EU|AP|CA|SA|AF|ME|IL|MX|UG|CN)[A-Z]*\\d*-)?';

/** Finds one price in its offer. Products that agree on the price are one; products that differ leave it open. */
export function matchPrice(wanted: WantedPrice, offer: Offer): Match {
  const { key, usageType, attributes = {} } = wanted;
  const pattern = new RegExp(`^${regionPrefix}${usageType}$`);
  const found = offer.products.filter(
    (product) => pattern.test(product.usageType) && Object.entries(attributes).every(([name, value]) => product.attributes[name] === value),
  );
  if (found.length === 0) return { key, reason: `offer ${offer.code} has no product of usage type ${usageType}` };
  const prices = new Map(found.map(({ bands }) => paidBands(bands)).map((bands) => [JSON.stringify(bands), bands]));
  const [bands] = [...prices.values()];
  if (!bands || prices.size > 1) return { key, reason: `offer ${offer.code} has ${prices.size} prices for usage type ${usageType}` };
  if (bands.length === 0 || !bands.every(({ from, usd }) => Number.isFinite(from) && Number.isFinite(usd) && usd > 0))
    return { key, reason: `offer ${offer.code} has no price in USD for usage type ${usageType}` };
  const name = found[0]?.usageType ?? usageType;
  return { key, bands, date: offer.date, source: `AWS Price List, offer ${offer.code} version ${offer.version}, usage type ${name}` };
}

/** The bands that cost something, from 0 on: a free tier comes first and is the account's, not the price's. */
function paidBands(bands: readonly Band[]): Band[] {
  const first = bands.findIndex(({ usd }) => usd !== 0);
  return first < 0 ? [] : bands.slice(first).map((band, index) => (index === 0 ? { ...band, from: 0 } : band));
}
