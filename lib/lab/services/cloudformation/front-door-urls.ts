/**
 * `value` with every `https://<api-id>.execute-api.<region>.amazonaws.com` in its texts replaced by the lab's own front door
 * `<endpoint>/_api/<api-id>`, which is where that API answers.
 */
export function withFrontDoorUrls(value: unknown, endpoint: string): unknown {
  if (typeof value === 'string') return value.replace(/https:\/\/([a-z0-9]+)\.execute-api\.[a-z0-9-]+\.amazonaws\.com/g, `${endpoint}/_api/$1`);
  if (Array.isArray(value)) return value.map((each) => withFrontDoorUrls(each, endpoint));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withFrontDoorUrls(each, endpoint)]));
}
