import type { Diagnostic } from '../types.ts';

/** Collects what is wrong with a definition, in the order in which it is found. */
export class Findings {
  readonly all: Diagnostic[] = [];

  /** A violation of the definition's schema, AWS's most common finding. */
  schema(message: string, location: string): undefined {
    this.error('SCHEMA_VALIDATION_FAILED', message, location);
  }

  error(code: string, message: string, location?: string): undefined {
    this.all.push({ severity: 'ERROR', code, message, ...(location === undefined ? {} : { location }) });
  }

  warning(code: string, message: string, location: string): undefined {
    this.all.push({ severity: 'WARNING', code, message, location });
  }

  get hasErrors(): boolean {
    return this.all.some((each) => each.severity === 'ERROR');
  }
}
