import type { FisClient } from '@aws-sdk/client-fis';

/** Whether an experiment does what its actions say, or only resolves its targets. */
export type ActionsMode = 'run-all' | 'skip-all';

/**
 * Makes StartExperiment carry `experimentOptions.actionsMode`. @aws-sdk/client-fis 3.523 does not know the member and
 * drops it without a word: a preview would run the real fault. The reply's echo is kept, since the SDK drops it too.
 * @returns what removes the middleware, and the echo of the last reply
 */
export function withActionsMode(fis: FisClient, mode: ActionsMode): { remove(): void; echoed(): string | undefined } {
  let echo: string | undefined;
  const name = 'proofloadActionsMode';
  fis.middlewareStack.add(
    (next, context) => async (args) => {
      const request = args.request as { body?: string; headers: Record<string, string> };
      if (context['commandName'] === 'StartExperimentCommand') {
        const body = { ...(JSON.parse(request.body ?? '{}') as object), experimentOptions: { actionsMode: mode } };
        request.body = JSON.stringify(body);
        request.headers['content-length'] = String(Buffer.byteLength(request.body));
      }
      return next(args);
    },
    { step: 'build', name, priority: 'low', override: true },
  );
  fis.middlewareStack.add(
    (next, context) => async (args) => {
      const result = await next(args);
      if (context['commandName'] !== 'StartExperimentCommand') return result;
      const response = result.response as { body: AsyncIterable<Uint8Array>; statusCode: number };
      const chunks: Uint8Array[] = [];
      for await (const chunk of response.body) chunks.push(chunk);
      const bytes = Buffer.concat(chunks);
      echo = echoOf(bytes);
      (response as { body: unknown }).body = new Blob([bytes]).stream();
      return result;
    },
    { step: 'deserialize', name: `${name}Echo`, priority: 'low', override: true },
  );
  return {
    remove() {
      fis.middlewareStack.remove(name);
      fis.middlewareStack.remove(`${name}Echo`);
    },
    echoed: () => echo,
  };
}

function echoOf(bytes: Buffer): string | undefined {
  try {
    const reply = JSON.parse(bytes.toString()) as { experiment?: { experimentOptions?: { actionsMode?: string } } };
    return reply.experiment?.experimentOptions?.actionsMode;
  } catch {
    return undefined;
  }
}
