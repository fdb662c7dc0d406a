// The floor: a Node server that hands the request on and the answer back, byte for byte, and knows no GraphQL.
import { createServer } from 'node:http';
import { Pool } from 'undici';
import { port, upstreamOrigin, upstreamPath } from './settings.ts';

const pool = new Pool(upstreamOrigin, { connections: 256, pipelining: 1 });

createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', async () => {
    const { statusCode, body } = await pool.request({
      method: 'POST',
      path: upstreamPath,
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        token: request.headers['token'] ?? '',
      },
      body: chunks[0] && chunks.length === 1 ? chunks[0] : Buffer.concat(chunks),
    });
    const bytes = Buffer.from(await body.arrayBuffer());
    response.writeHead(statusCode, { 'content-type': 'application/json', 'content-length': bytes.length });
    response.end(bytes);
  });
}).listen(port, '127.0.0.1');
