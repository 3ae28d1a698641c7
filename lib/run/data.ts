import type { AwsClients } from '../core/aws-clients.ts';
import { messageOf, ProofloadError } from '../core/errors.ts';
import { loadModule } from './compile.ts';
import { physicalId, type Stack } from './stack.ts';

/** What `generate` of a data file gets: it writes the data sets that the flows read, from the seed alone. */
export interface DataContext {
  readonly seed: string;
  /** Folder to write into; flows find it as `__ENV.DATA_FOLDER`. */
  readonly folder: string;
}

/** What `seed` gets: it puts the system's first data on the site, through AWS SDK clients. */
export interface SeedContext extends DataContext {
  readonly dynamodb: AwsClients['dynamodb'];
  /** Physical name of a resource of the system, by its logical id. */
  resolve(logicalId: string): string;
}

/** A scenario's data file. */
export interface DataModule {
  generate(context: DataContext): Promise<void> | void;
  seed?(context: SeedContext): Promise<void>;
}

/** Generates the data sets and puts the system's first data on the site. @throws ProofloadError `data-failed` */
export async function prepareData(file: string, cwd: string, context: DataContext, clients: AwsClients, stack: Stack): Promise<void> {
  const module = (await loadModule(file, cwd)) as Partial<DataModule>;
  if (typeof module.generate !== 'function')
    throw new ProofloadError('data-failed', `${file} exports no function generate`, { hint: 'see docs/adding-a-scenario.md' });
  try {
    await module.generate(context);
    await module.seed?.({ ...context, dynamodb: clients.dynamodb, resolve: (logicalId) => physicalId(stack, logicalId) });
  } catch (thrown) {
    if (thrown instanceof ProofloadError) throw thrown;
    throw new ProofloadError('data-failed', `${file}: ${messageOf(thrown)}`, {
      hint: 'the data of the scenario could not be prepared; no traffic was sent',
      cause: thrown,
    });
  }
}
