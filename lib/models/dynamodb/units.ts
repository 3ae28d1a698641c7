/** How DynamoDB counts what a request consumes; the numbers are AWS's and come from `config/quotas`. */
export interface UnitRules {
  readonly readUnitBytes: number;
  readonly writeUnitBytes: number;
  /** What an eventually consistent read costs of a strongly consistent one. */
  readonly eventualFactor: number;
  /** What a transactional request costs of a plain one. */
  readonly transactionFactor: number;
}

export type Consistency = 'eventual' | 'strong' | 'transactional';

/** Read units for `bytes` read in one go; an item that does not exist (0 bytes) costs as much as the smallest. */
export function readUnits(rules: UnitRules, bytes: number, consistency: Consistency): number {
  const factor = { eventual: rules.eventualFactor, strong: 1, transactional: rules.transactionFactor }[consistency];
  return Math.max(1, Math.ceil(bytes / rules.readUnitBytes)) * factor;
}

/** Write units for an item of `bytes`: of the old and the new item, the larger. */
export function writeUnits(rules: UnitRules, bytes: number, transactional = false): number {
  return Math.max(1, Math.ceil(bytes / rules.writeUnitBytes)) * (transactional ? rules.transactionFactor : 1);
}
