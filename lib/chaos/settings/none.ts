import type { RestorableSetting } from '../types.ts';

/** Nothing that would have to be put back: FIS itself ends what it began. The fault names its probe itself. */
export const none: RestorableSetting = {
  name: 'none',
  read: async () => 'nothing',
  write: async () => undefined,
  // What is left of such a fault is an experiment that still runs.
  command: () => `aws fis list-experiments --query "experiments[?state.status=='running'].id"`,
  nothingToRestore: 'nothing was changed that had to be put back: FIS ended it',
};
