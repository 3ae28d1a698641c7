import type {
  DeleteFunctionConcurrencyCommandInput,
  GetFunctionConcurrencyCommandInput,
  PutFunctionConcurrencyCommandInput,
} from '@aws-sdk/client-lambda';
import type { LabContext, Operation } from '../../../contract.ts';
import { constraint, invalidParameter } from '../errors.ts';
import type { Functions } from '../functions.ts';

interface Reserved {
  readonly ReservedConcurrentExecutions?: number;
}

/** Reserves concurrency for a function; throws AWS's error when too little would stay unreserved. */
export function reserveConcurrency(context: LabContext, functions: Functions, name: string, concurrency: number): void {
  if (!(Number.isInteger(concurrency) && concurrency >= 0))
    throw constraint(concurrency, 'reservedConcurrentExecutions', 'have value greater than or equal to 0');
  if (functions.admission.pool.reserve(name, concurrency)) return;
  const minimum = context.quotas.number('lambda.unreserved-concurrency-minimum');
  throw invalidParameter(
    `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${minimum}].`,
  );
}

export function putFunctionConcurrency(context: LabContext, functions: Functions): Operation<PutFunctionConcurrencyCommandInput, Reserved> {
  return {
    act({ FunctionName, ReservedConcurrentExecutions }) {
      const { name } = functions.get(FunctionName);
      const concurrency = ReservedConcurrentExecutions;
      if (concurrency === undefined) throw constraint(null, 'reservedConcurrentExecutions', 'not be null');
      reserveConcurrency(context, functions, name, concurrency);
      return { ReservedConcurrentExecutions: concurrency };
    },
  };
}

/** No member at all where nothing is reserved; 0 is a value. */
export function getFunctionConcurrency(functions: Functions): Operation<GetFunctionConcurrencyCommandInput, Reserved> {
  return {
    act({ FunctionName }) {
      const reserved = functions.admission.pool.reservedOf(functions.get(FunctionName).name);
      return reserved === undefined ? {} : { ReservedConcurrentExecutions: reserved };
    },
  };
}

export function deleteFunctionConcurrency(functions: Functions): Operation<DeleteFunctionConcurrencyCommandInput, object> {
  return {
    act({ FunctionName }) {
      functions.admission.pool.reserve(functions.get(FunctionName).name, undefined);
      return {};
    },
  };
}
