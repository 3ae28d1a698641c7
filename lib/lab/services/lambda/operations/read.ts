import type {
  FunctionConfiguration,
  GetAccountSettingsCommandOutput,
  GetFunctionCommandInput,
  GetFunctionCommandOutput,
  GetFunctionConfigurationCommandInput,
  ListFunctionsCommandInput,
  ListFunctionsCommandOutput,
  ListTagsCommandInput,
  ListTagsCommandOutput,
} from '@aws-sdk/client-lambda';
import { isoTime } from '../../../../core/time-format.ts';
import type { LabContext, Operation } from '../../../contract.ts';
import { pageOf } from '../../paging.ts';
import { invalidParameter } from '../errors.ts';
import type { Functions } from '../functions.ts';
import type { LambdaFunction } from '../lambda-function.ts';

type Plain<Output> = Omit<Output, '$metadata'>;

/** A function as AWS describes it. The lab changes functions at once, so that every one is Active and its last update Successful. */
export function configurationOf(found: LambdaFunction): FunctionConfiguration {
  const { settings, name, arn } = found;
  return {
    FunctionName: name,
    FunctionArn: arn,
    Runtime: settings.runtime as FunctionConfiguration['Runtime'],
    Role: settings.role,
    Handler: settings.handler,
    CodeSize: found.codeSize,
    Description: settings.description,
    Timeout: settings.timeoutSec,
    MemorySize: settings.memoryMb,
    LastModified: isoTime(found.lastModifiedMs).replace('Z', '+0000'),
    CodeSha256: found.codeSha256,
    Version: '$LATEST',
    ...(Object.keys(settings.variables).length > 0 ? { Environment: { Variables: { ...settings.variables } } } : {}),
    ...(settings.layers.length > 0 ? { Layers: settings.layers.map((Arn) => ({ Arn })) } : {}),
    ...(settings.deadLetterArn === '' ? {} : { DeadLetterConfig: { TargetArn: settings.deadLetterArn } }),
    TracingConfig: { Mode: 'PassThrough' },
    RevisionId: found.revisionId,
    State: 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: 'Zip',
    Architectures: [found.architecture],
    EphemeralStorage: { Size: 512 },
    LoggingConfig: { LogFormat: 'Text', LogGroup: `/aws/lambda/${name}` },
  };
}

export function getFunction(functions: Functions): Operation<GetFunctionCommandInput, Plain<GetFunctionCommandOutput>> {
  return {
    act({ FunctionName, Qualifier }) {
      const found = functions.get(FunctionName, Qualifier);
      const reserved = functions.admission.pool.reservedOf(found.name);
      return {
        Configuration: configurationOf(found),
        // There is no package to download: the code lies in the project.
        Code: { RepositoryType: 'S3' },
        ...(Object.keys(found.tags).length > 0 ? { Tags: { ...found.tags } } : {}),
        ...(reserved === undefined ? {} : { Concurrency: { ReservedConcurrentExecutions: reserved } }),
      };
    },
  };
}

export function getFunctionConfiguration(functions: Functions): Operation<GetFunctionConfigurationCommandInput, FunctionConfiguration> {
  return { act: ({ FunctionName, Qualifier }) => configurationOf(functions.get(FunctionName, Qualifier)) };
}

/** AWS gives 50 at most, whatever MaxItems says. */
const pageSize = 50;

export function listFunctions(functions: Functions): Operation<ListFunctionsCommandInput, Plain<ListFunctionsCommandOutput>> {
  return {
    act({ Marker, MaxItems }) {
      const page = pageOf(functions.list(), Marker, Math.min(MaxItems ?? pageSize, pageSize));
      if (!page) throw invalidParameter('Invalid Marker');
      return { Functions: page.items.map(configurationOf), ...(page.next === undefined ? {} : { NextMarker: page.next }) };
    },
  };
}

export function listTags(functions: Functions): Operation<ListTagsCommandInput, Plain<ListTagsCommandOutput>> {
  return { act: ({ Resource }) => ({ Tags: { ...functions.get(Resource).tags } }) };
}

export function getAccountSettings({ quotas }: LabContext, functions: Functions): Operation<object, Plain<GetAccountSettingsCommandOutput>> {
  return {
    act() {
      const { pool } = functions.admission;
      const all = functions.list();
      return {
        AccountLimit: {
          TotalCodeSize: quotas.number('lambda.code-storage'),
          CodeSizeUnzipped: quotas.number('lambda.unzipped-max'),
          CodeSizeZipped: quotas.number('lambda.zip-max'),
          ConcurrentExecutions: pool.accountLimit,
          UnreservedConcurrentExecutions: pool.unreservedLimit,
        },
        AccountUsage: { TotalCodeSize: all.reduce((sum, { codeSize }) => sum + codeSize, 0), FunctionCount: all.length },
      };
    },
  };
}
