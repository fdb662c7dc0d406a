import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** A file whose path contains a hash of its content, so that browsers can cache it for ever. */
export interface Asset {
  /** Relative to the page, so that it also works if a proxy adds a path prefix. */
  readonly path: string;
  readonly type: 'text/javascript' | 'text/css';
  readonly content: string;
  /** The content in gzip. Compressed at the first call, so that the start is not delayed. */
  zipped(): Promise<Buffer>;
}

export function createAsset(name: string, content: string): Asset {
  const digest = createHash('sha256').update(content).digest('base64url').slice(0, 12);
  let zipped: Promise<Buffer> | undefined;
  return {
    // Below /graphql, so that a proxy has to pass only this path.
    path: `graphql/${digest}/${name}`,
    type: name.endsWith('.css') ? 'text/css' : 'text/javascript',
    content,
    zipped: () => (zipped ??= promisify(gzip)(content)),
  };
}

/** Answers with the file, in gzip if the client accepts it. */
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
