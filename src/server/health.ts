import type { ServerResponse } from 'node:http';

/**
 * `/livez`: the process runs. `/readyz`: it takes requests, 503 once it drains. The upstream is no part of it on purpose: were it
 * ill, every replica would leave the load balancer at once.
 */
export function answerHealth(path: '/livez' | '/readyz', response: ServerResponse, draining: boolean): void {
  const ok = path === '/livez' || !draining;
  const body = ok ? 'ok\n' : 'draining\n';
  response.writeHead(ok ? 200 : 503, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': body.length,
  });
  response.end(body);
}
