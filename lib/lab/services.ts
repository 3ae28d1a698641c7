import type { StackSource } from '../template/index.ts';
import type { LabContext, LabService } from './contract.ts';
import { createFaultConfigurations } from './functions/fault-configurations.ts';
import { createApiGatewayService } from './services/apigateway/service.ts';
import { createCloudFormationService } from './services/cloudformation/service.ts';
import { createCloudWatchService } from './services/cloudwatch/service.ts';
import type { MetricStore } from './services/cloudwatch/store.ts';
import { createDynamoDbService } from './services/dynamodb/service.ts';
import { createFisService } from './services/fis/service.ts';
import { createIamService } from './services/iam/service.ts';
import { createLambdaService } from './services/lambda/service.ts';
import { createS3Service } from './services/s3/service.ts';
import { createSqsService } from './services/sqs/service.ts';
import { createSsmService } from './services/ssm/service.ts';
import { createStatesService } from './services/states/service.ts';
import { createStsService } from './services/sts/service.ts';

export interface Services {
  readonly all: readonly LabService[];
  /** Creates what a template describes; throws ProofloadError when it cannot be loaded. */
  loadStack(source: StackSource): Promise<void>;
}

/** Every service of the lab; a new one is one line here. */
export function createServices(context: LabContext, store: MetricStore, onIncident: (text: string) => void): Services {
  const cloudFormation = createCloudFormationService(context, () => all.flatMap(({ resources }) => resources ?? []));
  const faults = createFaultConfigurations();
  const all: readonly LabService[] = [
    createStsService(context),
    createStatesService(context),
    createIamService(context),
    createDynamoDbService(context),
    createLambdaService(context, { onIncident, faults }),
    createSqsService(context),
    createS3Service(context),
    createApiGatewayService(context),
    createSsmService(context),
    createFisService(context, faults),
    createCloudWatchService(context, store),
    cloudFormation,
  ];
  return { all, loadStack: cloudFormation.loadStack };
}
