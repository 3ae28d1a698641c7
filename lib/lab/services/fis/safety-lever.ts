import { invalid, requireMembers } from '../../../models/fis/refusals.ts';
import type { LabContext, Operation } from '../../contract.ts';
import { conflict, notFound } from './errors.ts';

/** The account's one safety lever, `default`: engaged, it stops all experiments and lets none start. */
export interface SafetyLever {
  readonly operations: Readonly<Record<string, Operation>>;
  /** Throws ConflictException while it is engaged. */
  refuseWhileEngaged(): void;
}

export function createSafetyLever(context: LabContext, onEngaged: () => void): SafetyLever {
  let state = { status: 'disengaged', reason: 'Initial state' };
  const described = (id: string | undefined): object => {
    if (id !== 'default') throw notFound(`Safety lever ${id}`);
    return { safetyLever: { id: 'default', arn: context.arn('fis', 'safety-lever/default'), state } };
  };
  return {
    refuseWhileEngaged: () => {
      if (state.status === 'engaged') throw conflict(`The safety lever is engaged: ${state.reason}`);
    },
    operations: {
      GetSafetyLever: { act: (input: { id?: string }) => described(input.id) },
      UpdateSafetyLeverState: {
        act: (input: { id?: string; state?: { status?: string; reason?: string } }) => {
          described(input.id);
          const { status = '', reason = '' } = input.state ?? {};
          requireMembers({ state: input.state, reason: input.state?.reason });
          if (status !== 'engaged' && status !== 'disengaged') throw invalid(`The status must be engaged or disengaged, not ${status}.`);
          state = { status, reason };
          if (status === 'engaged') onEngaged();
          return described(input.id);
        },
      },
    },
  };
}
