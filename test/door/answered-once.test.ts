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

describe('a request that is answered before its body was read', () => {
  const chunked = 'host: g\r\ntransfer-encoding: chunked\r\n';
  it.each([
    { what: 'to /livez', head: `POST /livez HTTP/1.1\r\n${chunked}` },
    { what: 'a preflight', head: `OPTIONS /graphql HTTP/1.1\r\n${chunked}` },
    { what: 'a GET', head: `GET /graphql?query={__typename} HTTP/1.1\r\n${chunked}` },
    { what: 'the page', head: `GET /graphql HTTP/1.1\r\naccept: text/html\r\n${chunked}` },
    { what: 'with an unknown expectation', head: `POST /livez HTTP/1.1\r\nexpect: foo\r\n${chunked}` },
  ])('($what) has no second answer when the body turns out to be broken', async ({ head }) => {
    const { socket, received, until } = await open();
    socket.write(`${head}\r\n`);
    await until(/^HTTP\/1\.1 \d+ /);
    socket.write('ZZ\r\n');
    await once(socket, 'close');
    expect(received().match(/HTTP\/1\.1 \d+ /g)).toHaveLength(1);
  });
});

describe('a client that does not read its answers', () => {
  it('is closed, and others are served meanwhile', async () => {
    const socket = connect(Number(gateway.url.port), gateway.url.hostname);
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.pause();
    // Some megabytes, so that no buffer of the system takes them all.
    const aliases = Array.from({ length: 300 }, (_, at) => `a${at}:__typename`).join(' ');
    const get = `GET /graphql?query={${encodeURIComponent(aliases)}} HTTP/1.1\r\nhost: g\r\n\r\n`;
    for (let sent = 0; sent < 3000; sent += 1) socket.write(get);
    const startedAt = performance.now();
    expect((await gateway.ask('{ __typename }')).data).toEqual({ __typename: 'Query' });
    // Not `once`, which fails where the socket ends in an error, as this one may.
    await new Promise((resolve) => socket.once('close', resolve));
    // Within 15 s of the last byte that it read; the rest is for a noisy machine.
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  }, 40_000);
});

describe('the absolute form of an address', () => {
  it('names the same resource', async () => {
    const answer = await exchangeRaw(
      gateway.url,
      'GET http://g/livez HTTP/1.1\r\nhost: g\r\nconnection: close\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  });
});

describe('a GET', () => {
  it('may say that there are no variables by null', async () => {
    const response = await fetch(`${gateway.url.href}?query={__typename}&variables=null`);
    expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
  });
});
