import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type AwsClients, createAwsClients } from '../../lib/core/aws-clients.ts';
import type { RunningLab } from '../../lib/lab/lab.ts';
import { generate, seed } from '../../scenarios/checkout/data.ts';
import { startRaisedLab } from '../raised-lab.ts';

/** The saga of the checkout in a lab of its own, seeded, with its clients and the physical names of its resources. */
export interface SagaLab {
  readonly lab: RunningLab;
  readonly clients: AwsClients;
  /** Where the catalogue and the customers are. */
  readonly folder: string;
  readonly names: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Every rate that could throttle the saga; nothing that a single request may hold. */
const rates =
  /^(lambda\.(account-concurrency|scaling-environments)|apigateway\.account-(rate|burst)|dynamodb\.((table|account|partition)-max|on-demand-initial)-(read|write)|states\..*-(bucket|refill))$/;

/** Starts it without added latency, with every rate raised far above what one machine can do; `unraised` are left as AWS has them. */
export async function startSagaLab(timeScale: number, unraised: readonly string[] = []): Promise<SagaLab> {
  const lab = await startRaisedLab((quota) => rates.test(quota) && !unraised.includes(quota), 1e7, {
    stacks: [{ file: fileURLToPath(new URL('../../scenarios/checkout/saga/template.yaml', import.meta.url)), stackName: 'saga' }],
    timeScale,
    onIncident: (text) => console.error(`lab: ${text}`),
    onDefect: (thrown, operation) => console.error(`defect of the lab in ${operation}:`, thrown),
  });
  const clients = sagaClients(lab.endpoint);
  const names = await namesOf(lab);
  const folder = mkdtempSync(join(tmpdir(), 'proofload-bench-'));
  await generate({ seed: 'bench', folder });
  await seed({ folder, dynamodb: clients.dynamodb, resolve: (logicalId) => names[logicalId] ?? '' });
  const stop = async (): Promise<void> => {
    clients.destroy();
    await lab.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { lab, clients, folder, names, stop };
}

export function sagaClients(endpoint: string): AwsClients {
  return createAwsClients({ region: 'us-east-1', endpoint, credentials: { accessKeyId: 'AKIALAB', secretAccessKey: 'bench' } });
}

async function namesOf(lab: RunningLab): Promise<Record<string, string>> {
  const { StackResources = [] } = await lab.context.call<{ StackResources?: { LogicalResourceId?: string; PhysicalResourceId?: string }[] }>(
    'cloudformation',
    'DescribeStackResources',
    { StackName: 'saga' },
    { kind: 'service', service: 'bench' },
  );
  return Object.fromEntries(StackResources.map(({ LogicalResourceId = '', PhysicalResourceId = '' }) => [LogicalResourceId, PhysicalResourceId]));
}
