/** A small AWS Price List in the shape of the public one: index of offers, region index, one file an offer and Region. */

interface Sold {
  readonly usagetype: string;
  /** `[beginRange, endRange, USD]` */
  readonly bands: readonly (readonly [string, string, string])[];
  readonly unit: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** One file of a Region, as `/offers/v1.0/aws/<code>/<version>/<region>/index.json` holds it. */
function offerFile(code: string, sold: readonly Sold[]): unknown {
  const skuOf = (index: number): string => `${code.toUpperCase()}${index}`;
  return {
    formatVersion: 'v1.0',
    disclaimer: 'This pricing list is for informational purposes only.',
    offerCode: code,
    version: '20261101093012',
    publicationDate: '2026-11-01T09:30:12Z',
    products: Object.fromEntries(
      sold.map(({ usagetype, attributes = {} }, index) => [
        skuOf(index),
        { sku: skuOf(index), productFamily: 'Serverless', attributes: { servicecode: code, usagetype, regionCode: 'us-east-1', ...attributes } },
      ]),
    ),
    terms: {
      OnDemand: Object.fromEntries(
        sold.map(({ bands, unit }, index) => {
          const sku = skuOf(index);
          const dimensions = bands.map(([beginRange, endRange, USD], band) => [
            `${sku}.JRTCKXETXF.${band}`,
            { rateCode: `${sku}.JRTCKXETXF.${band}`, description: `$${USD} per ${unit}`, beginRange, endRange, unit, pricePerUnit: { USD } },
          ]);
          return [sku, { [`${sku}.JRTCKXETXF`]: { offerTermCode: 'JRTCKXETXF', sku, priceDimensions: Object.fromEntries(dimensions.reverse()) } }];
        }),
      ),
    },
  };
}

const flat = (usagetype: string, USD: string, unit: string, attributes: Readonly<Record<string, string>> = {}): Sold => ({
  ...{ usagetype, unit, attributes },
  bands: [['0', 'Inf', USD]],
});

/** Files by path; Lambda's compute is cheaper than in config/prices, DynamoDB's storage has its free tier, two products of one SQS usage type differ. */
export function priceListFiles(region: string): Readonly<Record<string, unknown>> {
  const prefix = region === 'us-east-1' ? '' : 'EU-';
  const offers: Readonly<Record<string, readonly Sold[]>> = {
    AWSLambda: [
      flat(`${prefix}Request`, '0.0000002000', 'Requests'),
      {
        ...{ usagetype: `${prefix}Lambda-GB-Second`, unit: 'Lambda-GB-Second' },
        bands: [
          ['0', '6000000000', '0.0000150000'],
          ['6000000000', 'Inf', '0.0000140000'],
        ],
      },
      flat(`${prefix}Lambda-Storage-GB-Second`, '0.0000000309', 'GB-Seconds'),
      flat(`${prefix}Lambda-Edge-Request`, '0.0000006000', 'Requests'),
    ],
    AmazonDynamoDB: [
      {
        ...{ usagetype: `${prefix}TimedStorage-ByteHrs`, unit: 'GB-Mo' },
        bands: [
          ['0', '25', '0.0000000000'],
          ['25', 'Inf', '0.2500000000'],
        ],
      },
      flat(`${prefix}IA-TimedStorage-ByteHrs`, '0.1000000000', 'GB-Mo'),
    ],
    AWSQueueService: [
      flat(prefix ? `${prefix}Requests-Tier1` : 'Requests-RBP', '0.0000004000', 'Requests', { queueType: 'Standard' }),
      flat(`${prefix}Requests-FIFO-RBP`, '0.0000005000', 'Requests', { queueType: 'FIFO (first-in, first-out)' }),
      flat(`${prefix}Requests-FIFO-Tier1`, '0.0000006000', 'Requests', { queueType: 'FIFO (first-in, first-out)' }),
    ],
  };
  const pathOf = (code: string): string => `/offers/v1.0/aws/${code}/20261101093012/${region}/index.json`;
  const regionIndex = (code: string): string => `/offers/v1.0/aws/${code}/current/region_index.json`;
  const codes = Object.keys(offers);
  return {
    '/offers/v1.0/aws/index.json': {
      formatVersion: 'v1.0',
      offers: Object.fromEntries(codes.map((code) => [code, { offerCode: code, currentRegionIndexUrl: regionIndex(code) }])),
    },
    ...Object.fromEntries(
      codes.map((code) => [regionIndex(code), { regions: { [region]: { regionCode: region, currentVersionUrl: pathOf(code) } } }]),
    ),
    ...Object.fromEntries(codes.map((code) => [pathOf(code), offerFile(code, offers[code] ?? [])])),
  };
}
