import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { exchangeRaw } from '../support/raw.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

async function open(): Promise<{
  socket: Socket;
  received: () => string;
  until: (text: RegExp) => Promise<void>;
}> {
  const socket = connect(Number(gateway.url.port), gateway.url.hostname);
  let all = '';
  socket.setEncoding('latin1').on('data', (text: string) => (all += text));
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return {
    socket,
    received: () => all,
    async until(text) {
      while (!text.test(all)) await once(socket, 'data');
    },
  };
}

describe('a request that is answered before its body has arrived', () => {
  const chunked = 'host: g\r\ntransfer-encoding: chunked\r\n';
  it.each([
    { what: 'to /livez', head: `POST /livez HTTP/1.1\r\n${chunked}` },
    { what: 'a preflight', head: `OPTIONS /graphql HTTP/1.1\r\n${chunked}` },
    { what: 'a GET', head: `GET /graphql?query={__typename} HTTP/1.1\r\n${chunked}` },
    { what: 'GraphiQL', head: `GET /graphql HTTP/1.1\r\naccept: text/html\r\n${chunked}` },
    { what: 'with an unknown expectation', head: `POST /livez HTTP/1.1\r\nexpect: foo\r\n${chunked}` },
  ])('($what) gets no second answer if the body is broken', async ({ head }) => {
    const { socket, received, until } = await open();
    socket.write(`${head}\r\n`);
    await until(/^HTTP\/1\.1 \d+ /);
    socket.write('ZZ\r\n');
    await once(socket, 'close');
    expect(received().match(/HTTP\/1\.1 \d+ /g)).toHaveLength(1);
  });
});

describe('a client that does not read its answers', () => {
  it('is disconnected, and others are served meanwhile', async () => {
    const socket = connect(Number(gateway.url.port), gateway.url.hostname);
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.pause();
    // Several megabytes of answers: more than the buffers of the operating system hold.
    const aliases = Array.from({ length: 300 }, (_, at) => `a${at}:__typename`).join(' ');
    const get = `GET /graphql?query={${encodeURIComponent(aliases)}} HTTP/1.1\r\nhost: g\r\n\r\n`;
    for (let sent = 0; sent < 3000; sent += 1) socket.write(get);
    const startedAt = performance.now();
    expect((await gateway.ask('{ __typename }')).data).toEqual({ __typename: 'Query' });
    // Not `once`: it would reject if the socket emits an error, as this one may.
    await new Promise((resolve) => socket.once('close', resolve));
    // The limit is 15 s after the last byte that was read; the rest is a margin for a busy machine.
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  }, 40_000);
});

describe('a request target in absolute form', () => {
  it('is the same resource', async () => {
    const answer = await exchangeRaw(
      gateway.url,
      'GET http://g/livez HTTP/1.1\r\nhost: g\r\nconnection: close\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  });
});

describe('a GET', () => {
  it('may have null as its variables', async () => {
    const response = await fetch(`${gateway.url.href}?query={__typename}&variables=null`);
    expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
  });
});
