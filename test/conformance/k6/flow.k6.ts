import { check } from 'k6';
import http from 'k6/http';
import { url } from './lib/url.ts';

const paths: string[] = JSON.parse(open('./paths.json'));

export const options = {
  vus: 3,
  duration: '1s',
  thresholds: { 'http_req_duration{name:GetItem}': [`max<${__ENV['LIMIT_MS'] ?? 60_000}`] },
};

export default function () {
  const response = http.get(url(paths[0]), { tags: { name: 'GetItem' }, timeout: '5s' });
  check(response, { 'answered 200': ({ status }) => status === 200 });
}
