/** k6's error codes in the record's words; https://grafana.com/docs/k6/latest/javascript-api/error-codes/ */
const words: Readonly<Record<number, string>> = {
  1020: 'invalid-url',
  1050: 'timeout',
  1100: 'dns',
  1101: 'dns-no-such-host',
  1110: 'blocked-by-flow',
  1111: 'blocked-by-flow',
  1201: 'connection-broken',
  1211: 'connect-timeout',
  1212: 'connection-refused',
  1220: 'connection-reset',
  1310: 'tls-unknown-authority',
  1311: 'tls-wrong-host',
  1701: 'bad-compression',
};

/** Words for whole ranges, for codes that k6 adds or that tell no more. */
const ranges: readonly (readonly [from: number, to: number, word: string])[] = [
  [1100, 1199, 'dns'],
  [1200, 1209, 'connection-failed'],
  [1210, 1219, 'connect-failed'],
  [1220, 1299, 'connection-failed'],
  [1300, 1399, 'tls'],
  [1600, 1699, 'http2'],
];

/**
 * What kept a request from its response, for `Sample.error`; '' where a response came (k6's 1400 to 1599 only repeat the
 * status), `other-<code>` for what has no word.
 */
export function errorWord(errorCode: number, status: number): string {
  if (errorCode >= 1400 && errorCode <= 1599) return '';
  if (errorCode === 0) return status === 0 ? 'no-response' : '';
  return words[errorCode] ?? ranges.find(([from, to]) => errorCode >= from && errorCode <= to)?.[2] ?? `other-${errorCode}`;
}
