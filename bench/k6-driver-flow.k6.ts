import http from 'k6/http';

/** One request a pass, so that whatever the driver adds to a pass shows undiluted. */
export default function () {
  http.get(`${__ENV['BASE_URL']}/item`, { tags: { name: 'GetItem' } });
}
