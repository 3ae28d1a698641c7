import type { Operation } from '../../contract.ts';
import { notInLab } from './errors.ts';

/** Says what every bucket of the lab is anyway, or what only a real account checks. */
const harmless: Readonly<Record<string, (value: unknown) => boolean>> = {
  ACL: (value) => value === 'private' || value === 'bucket-owner-full-control',
  ObjectOwnership: (value) => value === 'BucketOwnerEnforced',
  ServerSideEncryption: (value) => value === 'AES256',
  StorageClass: (value) => value === 'STANDARD',
  ObjectLockEnabledForBucket: (value) => value === false,
  FetchOwner: (value) => value === false,
  RequestPayer: () => true,
  // Told by the body, and by the checksum that comes with it.
  ContentLength: () => true,
  ChecksumAlgorithm: () => true,
};

/** `operation`, which refuses by name every member that it does not know and that would change what it does. */
export function only<Input extends object, Output>(
  known: readonly (keyof Input & string)[],
  operation: Operation<Input, Output>,
): Operation<Input, Output> {
  return {
    ...operation,
    admit(input, call) {
      for (const [name, value] of Object.entries(input)) {
        if (value !== undefined && !known.includes(name as keyof Input & string) && harmless[name]?.(value) !== true)
          throw notInLab(`${name} (${String(value)})`);
      }
      operation.admit?.(input, call);
    },
  };
}
