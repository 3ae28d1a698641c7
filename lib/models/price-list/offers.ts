import { ProofloadError } from '../../core/errors.ts';

/** One band of a price: from so many units on, each costs `usd`. */
export interface Band {
  readonly from: number;
  readonly usd: number;
}

/** A product of an offer with what it costs on demand. */
interface Product {
  readonly usageType: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Ascending by `from`. */
  readonly bands: readonly Band[];
}

/** One offer (a service) of the AWS Price List for one Region. */
export interface Offer {
  readonly code: string;
  readonly version: string;
  /** ISO date of its publication. */
  readonly date: string;
  readonly products: readonly Product[];
}

type Raw = Readonly<Record<string, unknown>>;

/** Path of the Region's file of an offer, from the offer's region index. Undefined where the offer is not sold there. */
export function regionFile(regionIndex: unknown, region: string): string | undefined {
  const found = objectAt(objectAt(regionIndex, 'regions'), region)?.['currentVersionUrl'];
  return typeof found === 'string' ? found : undefined;
}

/** Path of the region index of an offer, from the index of all offers. Undefined where there is no such offer. */
export function regionIndexOf(offerIndex: unknown, code: string): string | undefined {
  const found = objectAt(objectAt(offerIndex, 'offers'), code)?.['currentRegionIndexUrl'];
  return typeof found === 'string' ? found : undefined;
}

/** Reads a Region's file of an offer. @throws ProofloadError `bad-price-list` where it is not one */
export function readOffer(raw: unknown, code: string): Offer {
  const products = objectAt(raw, 'products');
  const onDemand = objectAt(objectAt(raw, 'terms'), 'OnDemand');
  const published = objectAt(raw)?.['publicationDate'];
  if (!products || !onDemand || typeof published !== 'string')
    throw new ProofloadError(
      'bad-price-list',
      `the file of ${code} is not an offer of the AWS Price List: products, terms.OnDemand or publicationDate is missing`,
    );
  const read = Object.keys(products).flatMap((sku) => {
    const attributes = objectAt(products[sku], 'attributes') ?? {};
    const usageType = attributes['usagetype'];
    if (typeof usageType !== 'string') return [];
    return Object.values(objectAt(onDemand, sku) ?? {}).map((term) => ({ usageType, attributes: textsOf(attributes), bands: bandsOf(term) }));
  });
  return { code, version: String(objectAt(raw)?.['version'] ?? ''), date: published.slice(0, 10), products: read };
}

function bandsOf(term: unknown): Band[] {
  const bands = Object.values(objectAt(term, 'priceDimensions') ?? {}).map((dimension) => ({
    from: Number(objectAt(dimension)?.['beginRange'] ?? 0),
    usd: Number(objectAt(dimension, 'pricePerUnit')?.['USD'] ?? Number.NaN),
  }));
  return bands.sort((a, b) => a.from - b.from);
}

function textsOf(attributes: Raw): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, String(value)]));
}

function objectAt(raw: unknown, name?: string): Raw | undefined {
  const found = name === undefined ? raw : (raw as Raw | undefined)?.[name];
  return typeof found === 'object' && found !== null ? (found as Raw) : undefined;
}
