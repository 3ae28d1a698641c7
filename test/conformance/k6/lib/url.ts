export function url(path: string | undefined): string {
  return `${__ENV['BASE_URL']}${path}`;
}
