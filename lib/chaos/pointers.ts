import { paginateGetParametersByPath } from '@aws-sdk/client-ssm';
import type { AwsClients } from '../core/aws-clients.ts';

/** The pointers of all deployed faults, and the runs that they name. */
export async function pointersOf(clients: AwsClients): Promise<{ name: string; runId: string }[]> {
  const pointers: { name: string; runId: string }[] = [];
  for await (const page of paginateGetParametersByPath({ client: clients.ssm }, { Path: '/proofload/pointer', Recursive: true })) {
    for (const { Name = '', Value = '' } of page.Parameters ?? []) pointers.push({ name: Name, runId: Value });
  }
  return pointers;
}
