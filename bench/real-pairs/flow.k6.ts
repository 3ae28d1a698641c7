import http from 'k6/http';

const keys = 1_000;

/** A quote and a price: two requests, no thinking. */
export default function (): void {
  http.get(`${__ENV['BASE_URL']}/quote`, { tags: { name: 'quote' } });
  http.get(`${__ENV['BASE_URL']}/prices/item-${Math.floor(Math.random() * keys)}`, { tags: { name: 'price' } });
}
