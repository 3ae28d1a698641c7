import type { AwsClients } from '../core/aws-clients.ts';

/** What an AWS CLI command needs to reach the same site as `clients`: region, and endpoint where it is not AWS's own. */
export async function siteFlags({ ssm }: AwsClients): Promise<string> {
  const region = await ssm.config.region();
  const endpoint = await ssm.config.endpoint?.();
  if (!endpoint) return ` --region ${region}`;
  const { protocol, hostname, port } = endpoint;
  return ` --region ${region} --endpoint-url ${protocol}//${hostname}${port === undefined ? '' : `:${port}`}`;
}
