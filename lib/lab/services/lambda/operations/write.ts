import type {
  CreateFunctionCommandInput,
  DeleteFunctionCommandInput,
  FunctionConfiguration,
  UpdateFunctionConfigurationCommandInput,
} from '@aws-sdk/client-lambda';
import { ProofloadError } from '../../../../core/errors.ts';
import type { LabContext, Operation } from '../../../contract.ts';
import { bundleFiles } from '../../../functions/bundle.ts';
import { readZip } from '../../../functions/zip.ts';
import { handlerFile } from '../code.ts';
import { constraint, invalidParameter } from '../errors.ts';
import type { Functions } from '../functions.ts';
import { checkArchitecture, checkName } from '../names.ts';
import { refuseOthers } from '../refuse-others.ts';
import { configurationOf } from './read.ts';

/** Members of CreateFunction that the lab takes, or may ignore because they change nothing that it models. */
const createMembers: ReadonlySet<string> = new Set([
  'FunctionName',
  'Runtime',
  'Role',
  'Handler',
  'Code',
  'Description',
  'Timeout',
  'MemorySize',
  'Publish',
  'PackageType',
  'Environment',
  'TracingConfig',
  'Tags',
  'Architectures',
  'Layers',
  'DeadLetterConfig',
  'LoggingConfig',
]);

const updateMembers: ReadonlySet<string> = new Set([
  'FunctionName',
  'Role',
  'Handler',
  'Description',
  'Timeout',
  'MemorySize',
  'Environment',
  'Runtime',
  'TracingConfig',
  'RevisionId',
  'Layers',
  'DeadLetterConfig',
  'LoggingConfig',
]);

export function createFunction(context: LabContext, functions: Functions): Operation<CreateFunctionCommandInput, FunctionConfiguration> {
  return {
    async act(input) {
      refuseOthers(input, createMembers);
      const name = checkName(input.FunctionName);
      const zip = input.Code?.ZipFile;
      if (input.PackageType === 'Image' || !zip) throw invalidParameter('The lab creates functions from Code.ZipFile only.');
      if (!input.Runtime || !input.Handler)
        throw invalidParameter('Runtime and Handler are mandatory parameters for functions created with deployment packages.');
      const settings = functions.settings(input);
      const bundle = await bundleZip(zip, settings.handler, context.quotas.number('lambda.unzipped-max'));
      const architecture = checkArchitecture(input.Architectures);
      return configurationOf(functions.create({ name, settings, architecture, bundle, codeSize: zip.byteLength, tags: input.Tags ?? {} }));
    },
  };
}

export function updateFunctionConfiguration(functions: Functions): Operation<UpdateFunctionConfigurationCommandInput, FunctionConfiguration> {
  return {
    act(input) {
      refuseOthers(input, updateMembers);
      const found = functions.get(input.FunctionName);
      functions.update(found, functions.settings(input, found.settings));
      return configurationOf(found);
    },
  };
}

export function deleteFunction(functions: Functions): Operation<DeleteFunctionCommandInput, object> {
  return {
    act({ FunctionName, Qualifier }) {
      if (Qualifier === '$LATEST') throw constraint(Qualifier, 'qualifier', 'satisfy regular expression pattern: (?!\\$LATEST)');
      functions.remove(functions.get(FunctionName, Qualifier));
      return { StatusCode: 204 };
    },
  };
}

async function bundleZip(zip: Uint8Array, handler: string, maxBytes: number) {
  try {
    const files = readZip(zip, maxBytes);
    return await bundleFiles(files, handlerFile(handler, (file) => files.has(file)) ?? `${handler}: no such file`);
  } catch (thrown) {
    if (!(thrown instanceof ProofloadError)) throw thrown;
    const bad = thrown.code === 'bad-zip';
    throw invalidParameter(
      bad ? `Could not unzip uploaded file. Please check your file, then try to upload again. (${thrown.message})` : thrown.message,
    );
  }
}
