/** An error of the States Language on its way to a Retrier, a Catcher or the end of the execution. */
export class StateFailure extends Error {
  readonly error: string;
  /** Without the sentence that names the state: the interpreter puts it in front unless `bare`. */
  readonly reason: string;
  /** The field whose JSONata expression failed, such as `Output/total`. */
  readonly location: string | undefined;
  /** The cause is complete as it is. */
  readonly bare: boolean;

  constructor(error: string, reason: string, options: { location?: string; bare?: boolean } = {}) {
    super(reason);
    this.error = error;
    this.reason = reason;
    this.location = options.location;
    this.bare = options.bare ?? false;
  }
}

/** A failure that Step Functions calls States.Runtime: neither States.ALL nor a retry helps. */
export function runtimeFailure(reason: string): StateFailure {
  return new StateFailure('States.Runtime', reason);
}

/** The failure of a JSONata expression, or of a value that it gave. */
export function queryFailure(reason: string, location?: string): StateFailure {
  return new StateFailure('States.QueryEvaluationError', reason, location === undefined ? {} : { location });
}

/** What a state, a task or its arguments brought is over the payload limit. */
export function sizeFailure(who: string): StateFailure {
  return new StateFailure(
    'States.DataLimitExceeded',
    `The state/task '${who}' returned a result with a size exceeding the maximum number of bytes service limit.`,
    { bare: true },
  );
}
