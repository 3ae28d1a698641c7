import type { ExitReason } from './exit-codes.ts';

/**
 * An error that a user can act on: `message` says what is wrong and where, `hint` what to do.
 * `code` is stable (tests and machines match it); `exit` decides the process's exit code.
 */
export class ProofloadError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly exit: ExitReason;

  constructor(code: string, message: string, options: { hint?: string; exit?: ExitReason; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ProofloadError';
    this.code = code;
    this.hint = options.hint;
    this.exit = options.exit ?? 'usage';
  }
}

/** An error in AWS's shape: what a service of the lab throws and the wire format of the call carries. */
export class AwsError extends Error {
  readonly statusCode: number;
  /** Members beside the message, such as `Reason` or `ThrottlingReasons`. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(name: string, message: string, statusCode = 400, members: Record<string, unknown> = {}) {
    super(message);
    this.name = name;
    this.statusCode = statusCode;
    this.members = members;
  }
}

/** The text of anything thrown, for messages; an Error's message, else its string form. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
