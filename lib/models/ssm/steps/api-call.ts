import type { ApiCall } from './step-action.ts';

/** `put_function_concurrency` and `PutFunctionConcurrency` are the same API to Automation. */
export function pascalCase(api: string): string {
  return api
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

/** The call that inputs with Service and Api describe; all other inputs but `except` are the API's. */
export function apiCall(inputs: Readonly<Record<string, unknown>>, except: readonly string[] = []): ApiCall {
  const { Service, Api, ...rest } = inputs;
  const input = Object.fromEntries(Object.entries(rest).filter(([name]) => !except.includes(name)));
  return { service: String(Service), operation: pascalCase(String(Api)), input };
}

export function checkApiCall(inputs: Readonly<Record<string, unknown>>): string[] {
  return ['Service', 'Api'].filter((name) => typeof inputs[name] !== 'string').map((name) => `it needs the input ${name}`);
}
