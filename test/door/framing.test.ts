import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayProcess, startGatewayProcess } from '../support/process.ts';
import { exchangeRaw } from '../support/raw.ts';
import { startTestUpstream, type TestUpstream } from '../support/upstream.ts';
import { ambiguous } from './framing.ts';

const stall = Promise.withResolvers<void>();
let upstream: TestUpstream;
let gateway: GatewayProcess;
beforeAll(async () => {
  upstream = await startTestUpstream(() => stall.resolve());
  gateway = await startGatewayProcess({
    UPSTREAM_URL: upstream.url,
    KEEP_ALIVE_MS: '1000',
    UPSTREAM_TIMEOUT_MS: '1000',
  });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

const statusesIn = (answer: string) =>
  [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => status);

describe('a request with ambiguous framing', () => {
  it.concurrent.each(ambiguous)('($what) is refused, and its connection is closed', async ({ bytes }) => {
    const answer = await exchangeRaw(gateway.url, Buffer.from(bytes, 'latin1'));
    expect(answer).not.toContain('smuggled');
    expect(statusesIn(answer).length).toBeLessThanOrEqual(1);
    expect(answer).toMatch(
      /^(?:HTTP\/1\.1 4\d\d [^]*\r\nconnection: close\r\n[^]*"code":"BAD_REQUEST"[^]*)?$/i,
    );
  });

  it('gets no answer behind a request in progress, whose own answer is still sent', async () => {
    const body = '{"query":"{ conference(tempConferenceId: \\"1\\") { title } }"}';
    const socket = connect(Number(gateway.url.port), gateway.url.hostname);
    let answer = '';
    socket.setEncoding('latin1').on('data', (text: string) => (answer += text));
    socket.write(
      `POST /graphql HTTP/1.1\r\nhost: g\r\ntoken: t\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    await stall.promise;
    socket.write('garbage\r\n\r\n');
    await once(socket, 'close');
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200']);
    expect(answer).toContain('"code":"UPSTREAM_TIMEOUT"');
  });
});

describe('pipelined requests with clear framing', () => {
  it('are answered in order', async () => {
    const get = (name: string, last = '') =>
      `GET /graphql?query={${name}:__typename} HTTP/1.1\r\nhost: g\r\n${last}\r\n`;
    const answer = await exchangeRaw(
      gateway.url,
      `${get('first')}${get('second')}${get('third', 'connection: close\r\n')}`,
    );
    expect(answer.match(/first|second|third/g)).toEqual(['first', 'second', 'third']);
  });
});
