import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** A file whose path changes with its content: who has it need never ask again. */
export interface Asset {
  /** Without a leading slash: a page refers to it from wherever it is itself. */
  readonly path: string;
  readonly type: 'text/javascript' | 'text/css';
  readonly content: string;
  /** Zips when it is first asked for: no start waits for it. */
  zipped(): Promise<Buffer>;
}

export function createAsset(name: string, content: string): Asset {
  const digest = createHash('sha256').update(content).digest('base64url').slice(0, 12);
  let zipped: Promise<Buffer> | undefined;
  return {
    // Below /graphql: a proxy that lets that one path through lets the page through.
    path: `graphql/${digest}/${name}`,
    type: name.endsWith('.css') ? 'text/css' : 'text/javascript',
    content,
    zipped: () => (zipped ??= promisify(gzip)(content)),
  };
}

export async function sendAsset(
  asset: Asset,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const asGzip = acceptsGzip(request);
  const body = asGzip ? await asset.zipped() : Buffer.from(asset.content);
  response.appendHeader('vary', 'accept-encoding');
  response.writeHead(200, {
    'content-type': `${asset.type}; charset=utf-8`,
    'content-length': body.length,
    'cache-control': 'public, max-age=31536000, immutable',
    ...(asGzip && { 'content-encoding': 'gzip' }),
  });
  response.end(body);
}

function acceptsGzip(request: IncomingMessage): boolean {
  return /\bgzip\b(?! *; *q=0(?:\.0*)? *(?:,|$))/i.test(request.headers['accept-encoding'] ?? '');
}
