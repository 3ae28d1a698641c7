import type { GetCallerIdentityCommandInput, GetCallerIdentityCommandOutput } from '@aws-sdk/client-sts';
import type { LabContext, LabService, Operation } from '../../contract.ts';

/** AWS STS: who calls. Callers are not told apart; everybody is the lab's one user. */
export function createStsService(context: LabContext): LabService {
  const getCallerIdentity: Operation<GetCallerIdentityCommandInput, Omit<GetCallerIdentityCommandOutput, '$metadata'>> = {
    act: () => ({ UserId: 'AIDAPROOFLOADLABUSER', Account: context.account, Arn: `arn:aws:iam::${context.account}:user/lab` }),
  };
  return { name: 'sts', operations: { GetCallerIdentity: getCallerIdentity } };
}
