/** `2026-11-24T10:43:00.000Z`: an instant for machines. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

/** `2026-11-24 10:43:00 UTC`: an instant for people. */
export function dateTimeText(ms: number): string {
  const iso = isoTime(ms);
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}

/** `10:43:00`: the time of day, UTC. */
export function clockTime(ms: number): string {
  return isoTime(ms).slice(11, 19);
}

/** `2 min 5 s`, `14 s`, `850 ms`, `1 h 3 min`: how long, in the two largest units that matter. */
export function durationText(ms: number): string {
  const size = Math.abs(ms);
  const sign = ms < 0 ? '-' : '';
  if (size < 1000) return `${sign}${Math.round(size)} ms`;
  if (size < 10_000) return `${sign}${Number((size / 1000).toFixed(1))} s`;
  const seconds = Math.round(size / 1000);
  if (seconds < 60) return `${sign}${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${sign}${minutes} min${seconds % 60 ? ` ${seconds % 60} s` : ''}`;
  return `${sign}${Math.floor(minutes / 60)} h${minutes % 60 ? ` ${minutes % 60} min` : ''}`;
}

/** The instant as a Date, for the members that AWS's SDKs type so. */
export function dateOf(ms: number): Date {
  return new Date(ms);
}

/** Milliseconds since the epoch of an ISO 8601 text; NaN when it is none. */
export function msOfIso(text: string): number {
  return Date.parse(text);
}

/** `20261124-104300`: an instant for names of files, UTC. */
export function stampOf(ms: number): string {
  return isoTime(ms).slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
}
