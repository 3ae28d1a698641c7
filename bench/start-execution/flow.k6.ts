import http from 'k6/http';

declare const __ENV: Record<string, string>;

// Unsigned in effect: neither server looks at more of the signature than what it is for.
const headers = {
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-target': 'AWSStepFunctions.StartExecution',
  'x-amz-date': '20261124T000000Z',
  authorization: 'AWS4-HMAC-SHA256 Credential=AKIALAB/20261124/us-east-1/states/aws4_request, SignedHeaders=host, Signature=0',
};
const input = JSON.stringify({ net: 100, tax: 19, customer: { id: 'c-1' } });
const body = JSON.stringify({ stateMachineArn: __ENV['MACHINE'], input });

export default function (): void {
  const response = http.post(String(__ENV['ENDPOINT']), body, { headers, tags: { name: 'StartExecution' } });
  if (response.status !== 200) throw new Error(`status ${response.status}: ${response.body}`);
}
