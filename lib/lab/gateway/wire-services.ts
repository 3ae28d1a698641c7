import type { WireService } from './protocols/protocol.ts';
import { ServiceSchemas } from './protocols/schemas.ts';

/** A service's wire facts, with what exports its shapes: the client package, or a file of ours in the same form. */
interface WireSource extends Omit<WireService, 'schemas'> {
  readonly client: (() => Promise<object>) | undefined;
}

/** Every service whose wire format the lab knows; names, prefixes and namespaces as in AWS's service models. */
const sources: readonly WireSource[] = [
  {
    name: 'dynamodb',
    targetPrefix: 'DynamoDB_20120810',
    jsonVersion: '1.0',
    errorNamespace: 'com.amazonaws.dynamodb.v20120810',
    plainJson: true,
    client: () => import('@aws-sdk/client-dynamodb'),
  },
  { name: 'ssm', targetPrefix: 'AmazonSSM', jsonVersion: '1.1', client: () => import('@aws-sdk/client-ssm') },
  {
    name: 'monitoring',
    targetPrefix: 'GraniteServiceVersion20100801',
    jsonVersion: '1.0',
    xmlNamespace: 'http://monitoring.amazonaws.com/doc/2010-08-01/',
    queryCompatible: true,
    client: () => import('@aws-sdk/client-cloudwatch'),
  },
  {
    name: 'states',
    targetPrefix: 'AWSStepFunctions',
    jsonVersion: '1.0',
    errorNamespace: 'com.amazonaws.swf.service.v2.model',
    client: () => import('@aws-sdk/client-sfn'),
  },
  { name: 'iam', xmlNamespace: 'https://iam.amazonaws.com/doc/2010-05-08/', client: () => import('./protocols/iam-shapes.ts') },
  { name: 'sts', xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/', client: () => import('@aws-sdk/client-sts') },
  {
    name: 'cloudformation',
    xmlNamespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
    client: () => import('@aws-sdk/client-cloudformation'),
  },
  { name: 'lambda', client: () => import('@aws-sdk/client-lambda') },
  {
    name: 'sqs',
    targetPrefix: 'AmazonSQS',
    jsonVersion: '1.0',
    errorNamespace: 'com.amazonaws.sqs',
    queryCompatible: true,
    client: () => import('@aws-sdk/client-sqs'),
  },
  { name: 's3', xmlNamespace: 'http://s3.amazonaws.com/doc/2006-03-01/', client: () => import('@aws-sdk/client-s3') },
  { name: 'fis', client: undefined },
];

let services: Promise<ReadonlyMap<string, WireService>> | undefined;

/**
 * The wire facts and shapes of every service. Reading them holds the process up for some 0.1 s, so they are read once, before
 * the lab is ready; whoever asks later, in the middle of a run, gets what was read.
 */
export function loadWireServices(): Promise<ReadonlyMap<string, WireService>> {
  services ??= readWireServices();
  return services;
}

async function readWireServices(): Promise<ReadonlyMap<string, WireService>> {
  const loaded = await Promise.all(
    sources.map(async ({ client, ...wire }): Promise<WireService> => ({ ...wire, schemas: new ServiceSchemas(exportsOf(await client?.())) })),
  );
  return new Map(loaded.map((wire) => [wire.name, wire]));
}

function exportsOf(module: object | undefined): Readonly<Record<string, unknown>> {
  return { ...module };
}
