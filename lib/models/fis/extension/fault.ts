/** What an action has the extension do to a share (`percentage`) of a function's invocations. */
export type LambdaFault =
  | { readonly kind: 'add-delay'; readonly delayMs: number; readonly percentage: number }
  | { readonly kind: 'error'; readonly preventExecution: boolean; readonly percentage: number }
  | {
      readonly kind: 'http-integration-response';
      readonly contentType: string;
      readonly statusCode: number;
      readonly preventExecution: boolean;
      readonly percentage: number;
    };

/** One active fault as FIS writes it below a function's configuration location. AWS documents neither names nor content of these objects: ours. */
export interface ActiveFault {
  readonly experimentId: string;
  readonly action: string;
  /** Unqualified ARN of the function. */
  readonly functionArn: string;
  /** When its action started, ms since the epoch. */
  readonly startMs: number;
  readonly fault: LambdaFault;
}

/** What happens to one invocation. */
export interface Injection {
  /** Before the handler, within the function's time-out. */
  readonly delayMs: number;
  /** What is answered instead of what the handler answers. */
  readonly instead: Exclude<LambdaFault, { kind: 'add-delay' }> | undefined;
}

/**
 * What `faults` make of one invocation. Different faults act together; of those that are the same or conflict (an error and a response) only
 * the one that started first acts. One number `share` in [0, 1) decides for all of them, so that faults of the same percentage hit the same
 * invocations. Source: AWS FIS user guide, use the aws:lambda:function actions (concurrency, invocation percentage).
 */
export function injectionOf(faults: readonly ActiveFault[], share: number): Injection {
  const byStart = [...faults].sort((a, b) => a.startMs - b.startMs).map(({ fault }) => fault);
  const hits = ({ percentage }: LambdaFault): boolean => share * 100 < percentage;
  const delay = byStart.find((fault) => fault.kind === 'add-delay');
  const answer = byStart.find((fault) => fault.kind !== 'add-delay');
  return { delayMs: delay && hits(delay) ? delay.delayMs : 0, instead: answer && hits(answer) ? answer : undefined };
}

/** The result (JSON) that `fault` gives, and whether it is a failed one. Neither error nor body is documented: assumed. */
export function injectedResult(fault: NonNullable<Injection['instead']>): { readonly payload: string; readonly failed: boolean } {
  if (fault.kind === 'error') {
    return { payload: JSON.stringify({ errorType: 'FaultInjected', errorMessage: 'Error injected by AWS FIS' }), failed: true };
  }
  const { statusCode, contentType } = fault;
  return { payload: JSON.stringify({ statusCode, headers: { 'Content-Type': contentType }, body: '' }), failed: false };
}
