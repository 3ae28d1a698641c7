import type { CallContext } from '../contract.ts';

/** A call as a fault sees it. */
interface FaultSubject {
  readonly service: string;
  readonly operation: string;
  readonly input: unknown;
  readonly call: CallContext;
}

/** Decides about every call before anything else does: throws the AwsError that the fault means the caller to see. */
export type FaultDecider = (subject: FaultSubject) => void;

/** The faults that act on API calls; the lab's FIS actions of that kind are added here. */
export const faultDeciders: readonly FaultDecider[] = [];
