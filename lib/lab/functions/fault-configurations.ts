import type { ActiveFault } from '../../models/fis/extension/fault.ts';
import type { S3Location } from '../../models/fis/extension/location.ts';

/**
 * The objects that FIS writes below functions' configuration locations and the extension in their environments reads: put, delete and list of S3,
 * and no more, so that an S3 of the lab can take their place.
 */
export interface FaultConfigurations {
  put(location: S3Location, name: string, fault: ActiveFault): void;
  delete(location: S3Location, name: string): void;
  list(location: S3Location): readonly ActiveFault[];
}

/** Keeps them by bucket and key. */
export function createFaultConfigurations(): FaultConfigurations {
  const objects = new Map<string, ActiveFault>();
  const key = ({ bucket, prefix }: S3Location, name: string): string => `${bucket}/${prefix}${name}`;
  return {
    put: (location, name, fault) => void objects.set(key(location, name), fault),
    delete: (location, name) => void objects.delete(key(location, name)),
    list: (location) => [...objects].filter(([name]) => name.startsWith(key(location, ''))).map(([, fault]) => fault),
  };
}
