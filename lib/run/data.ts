import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
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
  readonly dynamodb: DynamoDBClient;
  /** Physical name of a resource of the system, by its logical id. */
  resolve(logicalId: string): string;
}

/** A scenario's data file. */
export interface DataModule {
  generate(context: DataContext): Promise<void> | void;
  seed?(context: SeedContext): Promise<void>;
}

/** A data file that was loaded, and where its data sets lie. */
export interface PreparedData {
  readonly folder: string;
  /** Puts the system's first data on the site. @throws ProofloadError `data-failed` */
  seedSite(clients: { readonly dynamodb: DynamoDBClient }, stack: Stack): Promise<void>;
}

/**
 * Generates the data sets of a scenario into `context.folder`, from the seed alone; the site is not touched yet.
 * @throws ProofloadError `data-failed`
 */
export async function generateData(file: string, cwd: string, context: DataContext): Promise<PreparedData> {
  const module = (await loadModule(file, cwd)) as Partial<DataModule>;
  const { generate, seed } = module;
  if (typeof generate !== 'function')
    throw new ProofloadError('data-failed', `${file} exports no function generate`, { hint: 'see docs/adding-a-scenario.md' });
  await guarded(file, () => generate(context));
  return {
    folder: context.folder,
    seedSite: (clients, stack) =>
      guarded(file, () => seed?.({ ...context, dynamodb: clients.dynamodb, resolve: (logicalId) => physicalId(stack, logicalId) })),
  };
}

async function guarded(file: string, work: () => Promise<void> | void | undefined): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    if (thrown instanceof ProofloadError) throw thrown;
    throw new ProofloadError('data-failed', `${file}: ${messageOf(thrown)}`, {
      hint: 'the data of the scenario could not be prepared; no traffic was sent',
      cause: thrown,
    });
  }
}
