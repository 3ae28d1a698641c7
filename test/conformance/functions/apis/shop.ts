interface ApiEvent {
  readonly rawPath?: string;
  readonly path?: string;
  readonly queryStringParameters?: Readonly<Record<string, string>> | null;
}

/** Answers with its own event (REST APIs want it as the body's text), or as the path asks. */
export async function handler(event: ApiEvent): Promise<unknown> {
  const path = event.rawPath ?? event.path ?? '';
  if (path.endsWith('/throw')) throw new Error('broken');
  if (path.endsWith('/malformed')) return { statusCode: 200, stray: true };
  if (path.endsWith('/slow')) await new Promise((resolve) => setTimeout(resolve, 400));
  if (path.endsWith('/large')) return { statusCode: 200, body: 'x'.repeat(Number(event.queryStringParameters?.['bytes'] ?? 0)) };
  return { statusCode: 200, body: JSON.stringify(event) };
}
