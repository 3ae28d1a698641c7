/** A function was given what it cannot work with; the message is the rest of the sentence that names the call. */
export class IntrinsicError extends Error {}
