import type { ServerResponse } from 'node:http';

export const isHealthPath = (path: string): boolean => path === '/livez' || path === '/readyz';

/**
 * Answers `/livez`, 200 while the process runs, and `/readyz`, 503 from the start of the drain on. Neither checks the upstream: if the
 * upstream failed, the load balancer would remove all replicas at once.
 */
export function answerHealth(path: string, response: ServerResponse, draining: boolean): void {
  const ok = path === '/livez' || !draining;
  const body = ok ? 'ok\n' : 'draining\n';
  response.writeHead(ok ? 200 : 503, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': body.length,
  });
  response.end(body);
}
