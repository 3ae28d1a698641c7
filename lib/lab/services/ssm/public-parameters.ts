import type { StoredParameter } from './parameters.ts';

/**
 * The layer of the AWS FIS extension for Lambda: the account that publishes it differs by Region; of those that are not here the lab takes us-east-1's.
 * Sources: AWS FIS user guide, versions of the extension (ap-southeast-2), and ARNs in public projects, 2026-08. Of arm64's version nothing was found:
 * that of x86_64, assumed.
 */
const layerAccounts: Readonly<Record<string, string>> = {
  'us-east-1': '211125607513',
  'us-west-2': '975050054544',
  'ap-northeast-1': '339712942424',
  'ap-southeast-2': '211125361907',
};
const layerVersion = 374;

/** Parameters that AWS publishes, as far as the lab has what they are for; nobody can change them. */
export function publicParameters(region: string): ReadonlyMap<string, StoredParameter> {
  const account = layerAccounts[region] ?? layerAccounts['us-east-1'];
  const layers = ['x86_64', 'arm64'].map((architecture) => ({
    name: `/aws/service/fis/lambda-extension/AWS-FIS-extension-${architecture}/1.x.x`,
    value: `arn:aws:lambda:${region}:${account}:layer:aws-fis-extension-${architecture}:${layerVersion}`,
  }));
  return new Map(
    layers.map(({ name, value }) => [
      name,
      {
        name,
        type: 'String',
        tier: 'Standard',
        dataType: 'text',
        description: undefined,
        allowedPattern: undefined,
        versions: [{ version: 1, value, atMs: 0 }],
        tags: new Map(),
      },
    ]),
  );
}
