import { type Experiment, type FisClient, StartExperimentCommand, type StartExperimentCommandInput } from '@aws-sdk/client-fis';

/** Whether an experiment does what its actions say, or only resolves its targets. */
export type ActionsMode = 'run-all' | 'skip-all';

/**
 * Starts an experiment with `experimentOptions.actionsMode`. @aws-sdk/client-fis 3.523 does not know the member and drops
 * it without a word, on the way there and back: a preview would run the real fault. So it is written into the body here,
 * and what FIS echoes is read from the reply's bytes.
 */
export async function startExperiment(
  fis: FisClient,
  input: StartExperimentCommandInput,
  mode: ActionsMode,
): Promise<{ experiment: Experiment; echoed: string | undefined }> {
  const command = new StartExperimentCommand(input);
  let echoed: string | undefined;
  command.middlewareStack.add(
    (next) => (args) => {
      const request = args.request as { body: string };
      const body = { ...(JSON.parse(request.body) as object), experimentOptions: { actionsMode: mode } };
      request.body = JSON.stringify(body);
      return next(args);
    },
    // Before the SDK counts the body's bytes, and before each attempt is signed.
    { step: 'build', name: 'proofloadActionsMode', priority: 'high' },
  );
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const response = result.response as { body: AsyncIterable<Uint8Array> | Uint8Array };
      const bytes = await collected(response.body);
      response.body = bytes;
      echoed = echoOf(bytes);
      return result;
    },
    { step: 'deserialize', name: 'proofloadActionsModeEcho', priority: 'low' },
  );
  const { experiment = {} } = await fis.send(command);
  return { experiment, echoed };
}

async function collected(body: AsyncIterable<Uint8Array> | Uint8Array): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body;
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}

function echoOf(bytes: Uint8Array): string | undefined {
  try {
    const reply = JSON.parse(new TextDecoder().decode(bytes)) as { experiment?: { experimentOptions?: { actionsMode?: string } } };
    return reply.experiment?.experimentOptions?.actionsMode;
  } catch {
    return undefined;
  }
}
