import http from 'k6/http';

declare const __ENV: Record<string, string>;
const text = 'x'.repeat(400);
const keys = 10_000;

export default function (): void {
  const key = Math.floor(Math.random() * keys);
  const response = http.post(`${__ENV['BASE_URL']}/items/key-${key}`, JSON.stringify({ text, count: key }), {
    headers: { 'content-type': 'application/json' },
    tags: { name: 'put' },
  });
  if (response.status !== 201) throw new Error(`status ${response.status}: ${response.body}`);
}
