import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Metrics } from '../observe/metrics/metrics.ts';
import type { Front } from './listener/front.ts';

/** Answers `/metrics` only. It has a port of its own, so that it need not be reachable from outside. */
export function createMetricsListener(metrics: Metrics): Front {
  const answer = async ({ method, url }: IncomingMessage, response: ServerResponse) => {
    if (url?.split('?')[0] !== '/metrics' || (method !== 'GET' && method !== 'HEAD')) {
      return void response.writeHead(404, { 'content-length': 0 }).end();
    }
    const text = await metrics.read();
    response.writeHead(200, {
      'content-type': metrics.contentType,
      'content-length': Buffer.byteLength(text),
    });
    response.end(method === 'HEAD' ? undefined : text);
  };
  return (request, response) => {
    void answer(request, response);
    return undefined;
  };
}
