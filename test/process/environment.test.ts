import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compileCache } from '../support/compile-cache.ts';
import { record, startTestUpstream } from '../support/upstream.ts';
import { startWatchedProcess } from '../support/watched-process.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const tls = (name: string) => fileURLToPath(new URL(`../fixtures/tls/${name}`, import.meta.url));

/** Starts the gateway with this environment. Returns the exit code and the output. */
function startWith(env: Readonly<Record<string, string>>) {
  return new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    execFile(
      process.execPath,
      [main],
      { env: { ...compileCache, ...env }, timeout: 20_000 },
      (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
}

const problemsIn = (stdout: string) =>
  stdout
    .split('\n')
    .filter((line) => line.includes('"event":"setting"'))
    .map((line) => JSON.parse(line).problem);

/** The variables that Kubernetes sets in a pod for a Service of this name. */
const serviceLinks = (name: string) => ({
  [`${name}_SERVICE_HOST`]: '10.96.12.3',
  [`${name}_SERVICE_PORT`]: '9100',
  [`${name}_SERVICE_PORT_HTTP`]: '9100',
  [`${name}_PORT`]: 'tcp://10.96.12.3:9100',
  [`${name}_PORT_9100_TCP`]: 'tcp://10.96.12.3:9100',
  [`${name}_PORT_9100_TCP_PROTO`]: 'tcp',
  [`${name}_PORT_9100_TCP_PORT`]: '9100',
  [`${name}_PORT_9100_TCP_ADDR`]: '10.96.12.3',
});

async function answerOf(url: URL): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', token: 't' },
    body: JSON.stringify({ query: '{ conference(tempConferenceId: "1") { title } }' }),
  });
  return response.json();
}

describe("Kubernetes' service links", () => {
  it('do not stop the start: a port of that form counts as unset, with at most one line each', async () => {
    await using upstream = await startTestUpstream(record({ title: 't' }));
    await using gateway = await startWatchedProcess({
      ...serviceLinks('SIMULATOR'),
      ...serviceLinks('UPSTREAM'),
      ...serviceLinks('UPSTREAM_URL'),
      ...serviceLinks('OTEL_EXPORTER_OTLP'),
      UPSTREAM_URL: upstream.url,
    });
    expect(problemsIn(gateway.output.stdout)).toEqual([
      'SIMULATOR_PORT: "tcp://10.96.12.3:9100" is the link of Kubernetes to a Service; it counts as unset (enableServiceLinks: false keeps such variables away)',
    ]);
    expect(await answerOf(gateway.url)).toEqual({ data: { conference: { title: 't' } } });
  });

  it.each(['PORT', 'METRICS_PORT'])('%s counts as unset, whatever the protocol of the link', async (name) => {
    const { code, stderr } = await startWith({
      [name]: 'udp://10.96.12.3:53',
      LOG_LEVEL: 'loud',
    });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'LOG_LEVEL: "loud" is not one of debug, info, warn, error, silent\n',
    });
  });
});

describe('a value in quotes', () => {
  it('is reported as quoted, and never shown', async () => {
    const { code, stderr } = await startWith({
      PORT: '"4000"',
      NODE_ENV: "'production'",
      UPSTREAM_URL: '"https://anna:s3cret@h.example"',
      CORS_ORIGINS: '"https://a.example,https://b.example"',
    });
    expect(code).toBe(1);
    expect(stderr.trimEnd().split('\n').toSorted()).toEqual(
      ['CORS_ORIGINS', 'NODE_ENV', 'PORT', 'UPSTREAM_URL'].map(
        (name) => `${name}: its value is in quotes, which are part of it here: remove the quotes`,
      ),
    );
  });

  it.each([
    { name: 'CLIENTS', value: '"web,ios"' },
    { name: 'TRUSTED_DOCUMENTS', value: '"/etc/documents.json"' },
    { name: 'NODE_EXTRA_CA_CERTS', value: "'/etc/ca.pem'" },
  ])('is wrong even if it could be used as it is ($name)', async ({ name, value }) => {
    const { code, stderr } = await startWith({ [name]: value, PORT: '0' });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `${name}: its value is in quotes, which are part of it here: remove the quotes\n`,
    });
  });
});

describe('a wrong UPSTREAM_URL', () => {
  it.each([
    'upstream.example',
    'upstream.example:8080/api',
    'htps://upstream.example/',
    'ftp://upstream.example',
    'http:///',
    'http//upstream.example',
    'https:// upstream.example',
    'http://upstream.example:99999',
    '://upstream.example',
    'http://[::1',
  ])('is shown if it contains no secret (%s)', async (url) => {
    const { stderr } = await startWith({ UPSTREAM_URL: url });
    expect(stderr).toMatch(/^UPSTREAM_URL: ".*" is not an http or https URL /);
    expect(stderr).toContain(JSON.stringify(url));
  });

  it.each([
    'anna:s3cret',
    'https:anna:s3cret',
    'https://anna:s3cret/h.example',
    'https://anna:s3cret%40h.example',
    'http//anna:s3cret@h.example',
    'h.example?key=s3cret',
    'htps://h.example/#s3cret',
  ])('is not shown if it may contain a secret (%s)', async (url) => {
    const { stderr } = await startWith({ UPSTREAM_URL: url });
    expect(stderr).toMatch(/^UPSTREAM_URL: what it is set to is not an http or https URL /);
    expect(stderr).not.toContain('s3cret');
  });
});

describe('a machine without IPv6', () => {
  const noIpv6 = ['--import', import.meta.resolve('../support/no-ipv6.ts')];

  it('is served on 0.0.0.0 in production if HOST is unset, metrics too, and one line says so', async () => {
    await using upstream = await startTestUpstream(record({ title: 't' }));
    await using gateway = await startWatchedProcess({ UPSTREAM_URL: upstream.url, HOST: '' }, noIpv6);
    expect(problemsIn(gateway.output.stdout)).toEqual([
      'HOST: this machine has no IPv6 (EAFNOSUPPORT), so the default is 0.0.0.0 instead of ::',
    ]);
    const local = (url: URL) => Object.assign(new URL(url), { hostname: '127.0.0.1' });
    expect(await answerOf(local(gateway.url))).toEqual({ data: { conference: { title: 't' } } });
    expect((await fetch(local(gateway.metricsUrl))).status).toBe(200);
  });

  it('does not change the address that HOST sets', async () => {
    const { stderr } = await new Promise<{ stderr: string }>((resolve) => {
      execFile(
        process.execPath,
        [...noIpv6, main],
        { env: { ...compileCache, HOST: '::', PORT: '0' } },
        (_error, _stdout, stderr) => resolve({ stderr }),
      );
    });
    expect(stderr).toBe('HOST: cannot listen on :: port 0: EAFNOSUPPORT\n');
  });
});

describe('NODE_EXTRA_CA_CERTS', () => {
  it.each([
    { path: '/nowhere/ca.pem', problem: '"/nowhere/ca.pem" cannot be read: ENOENT' },
    { path: tls('.'), problem: `${JSON.stringify(tls('.'))} cannot be read: EISDIR` },
    { path: main, problem: `${JSON.stringify(main)} holds no certificate in PEM` },
  ])('that cannot be used ($path) stops the start, with no other line', async ({ path, problem }) => {
    expect(await startWith({ NODE_EXTRA_CA_CERTS: path })).toEqual({
      code: 1,
      stdout: '',
      stderr: `NODE_EXTRA_CA_CERTS: ${problem}\n`,
    });
  });

  it('with one broken certificate stops the start: Node would trust none of them', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gateway-ca-'));
    const path = join(folder, 'ca.pem');
    const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
    await writeFile(path, readFileSync(tls('ca.pem'), 'utf8') + broken);
    const { code, stderr } = await startWith({ NODE_EXTRA_CA_CERTS: path });
    await rm(folder, { recursive: true });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `NODE_EXTRA_CA_CERTS: ${JSON.stringify(path)} holds a certificate that cannot be read, number 2\n`,
    });
  });

  it('that is valid, or empty, does not stop the start', async () => {
    for (const path of [tls('ca.pem'), '']) {
      const { stderr } = await startWith({ NODE_EXTRA_CA_CERTS: path, LOG_LEVEL: 'loud' });
      expect(stderr).toMatch(/^LOG_LEVEL: .*\n$/);
    }
  });
});

describe('a proxy in the environment', () => {
  it('is used neither for the upstream nor for the collector, and a line at the start says so without its address', async () => {
    const proxied: string[] = [];
    const proxy = createServer((request, response) => {
      proxied.push(`${request.method} ${request.url}`);
      response.writeHead(502).end();
    }).on('connect', (request: IncomingMessage, socket) => {
      proxied.push(`CONNECT ${request.url}`);
      socket.end('HTTP/1.1 502 No\r\n\r\n');
    });
    const exported = Promise.withResolvers<void>();
    const collector = createServer((_request, response) => {
      response.end();
      exported.resolve();
    });
    for (const server of [proxy, collector]) await once(server.listen(0, '127.0.0.1'), 'listening');
    const urlOf = (server: typeof proxy) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await using upstream = await startTestUpstream(record({ title: 't' }));
    await using gateway = await startWatchedProcess({
      UPSTREAM_URL: upstream.url,
      HTTP_PROXY: urlOf(proxy).replace('http://', 'http://anna:s3cret@'),
      https_proxy: urlOf(proxy),
      NODE_USE_ENV_PROXY: '1',
      OTEL_EXPORTER_OTLP_ENDPOINT: urlOf(collector),
      OTEL_BSP_SCHEDULE_DELAY: '0',
    });
    expect(await answerOf(gateway.url)).toEqual({ data: { conference: { title: 't' } } });
    await exported.promise;
    expect(proxied).toEqual([]);
    expect(problemsIn(gateway.output.stdout)).toEqual([
      'HTTP_PROXY, https_proxy, NODE_USE_ENV_PROXY: neither the upstream nor the collector is reached through a proxy',
    ]);
    expect(gateway.output.stdout + gateway.output.stderr).not.toContain('s3cret');
    for (const server of [proxy, collector]) server.close().closeAllConnections();
  });
});
