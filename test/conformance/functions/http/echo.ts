interface HttpEvent {
  readonly rawPath: string;
  readonly routeKey: string;
  readonly body?: string;
}

/** Answers with its own event, or as the path asks. */
export async function handler(event: HttpEvent): Promise<unknown> {
  if (event.rawPath.endsWith('/throw')) throw new Error('broken');
  if (event.rawPath.endsWith('/malformed')) return { statusCode: 200, body: { not: 'text' } };
  if (event.rawPath.endsWith('/slow')) await new Promise((resolve) => setTimeout(resolve, 400));
  if (event.rawPath.endsWith('/made')) return { statusCode: 201, headers: { 'X-Made': 'yes' }, cookies: ['a=1', 'b=2'], body: 'made' };
  return event;
}
