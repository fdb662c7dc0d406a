import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../../src/simulator/simulator.ts';
import { developmentToken } from '../../src/simulator/tokens.ts';
import { openAcknowledged } from '../support/socket.ts';
import { startWatchedProcess, type WatchedProcess } from '../support/watched-process.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
// If the tests run as root, the bundle runs as another user, who may only read it.
const uid = process.getuid?.() === 0 ? 65_534 : undefined;

let dist: string;
let simulator: Simulator;
beforeAll(async () => {
  // Outside of the checkout, so that there is no node_modules beside it or above it.
  dist = mkdtempSync(join(tmpdir(), 'bundle-'));
  execFileSync(process.execPath, [join(root, 'node_modules/rolldown/bin/cli.mjs'), '-c', '--dir', dist], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
    chmodSync(join(dist, file), file === 'schema' ? 0o555 : 0o444);
  }
  chmodSync(dist, 0o555);
  // The clock stands still, so that equal requests get equal answers.
  simulator = await startSimulator({ now: () => Date.UTC(2026, 0, 1) });
});
afterAll(async () => {
  chmodSync(dist, 0o755);
  chmodSync(join(dist, 'schema'), 0o755);
  rmSync(dist, { recursive: true });
  rmSync(join(dirname(dist), `${basename(dist)}-node`), { force: true });
  await simulator.close();
});

/** A copy of the pinned Node that another user may read. Perhaps only the owner may read the checkout. */
function runtimeForAll(): string {
  const copy = join(dirname(dist), `${basename(dist)}-node`);
  if (!existsSync(copy)) copyFileSync(process.execPath, copy);
  chmodSync(copy, 0o555);
  return copy;
}

const startBundle = (env: Readonly<Record<string, string>>) =>
  startWatchedProcess(env, [], {
    program: join(dist, 'main.js'),
    ...(uid !== undefined && { uid, runtime: runtimeForAll() }),
  });

interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: string;
}

const conference =
  '{ conference(tempConferenceId: "56039682") { title startTime host { name } counters { attendees } } }';
const token = developmentToken;
const corpus: Readonly<Record<string, Asked>> = {
  'a conference': { query: conference, headers: { token } },
  'a conference by GET': {
    method: 'GET',
    path: `/graphql?query=${encodeURIComponent(conference)}`,
    headers: { token, accept: 'application/graphql-response+json' },
  },
  'no credential': { query: conference },
  'a failing one': { query: '{ conference(tempConferenceId: "56039701") { title } }', headers: { token } },
  'an entity': {
    query:
      '{ _entities(representations: [{ __typename: "Conference", tempConferenceId: "56039682" }]) { ... on Conference { title } } }',
    headers: { token },
  },
  // Completes at once, because the conference has ended.
  'a stream of events': {
    query: 'subscription { conference(tempConferenceId: "56039687") { title status } }',
    headers: { token, accept: 'text/event-stream' },
  },
  'a stream in parts': {
    query: 'subscription { conference(tempConferenceId: "56039687") { title status } }',
    headers: { token, accept: 'multipart/mixed; subscriptionSpec=1.0' },
  },
  'the schema': { query: '{ _service { sdl } }' },
  'a document that fits no schema': { query: '{ conferense }' },
  'no GraphQL': { query: '{' },
  'no JSON': { headers: { 'content-type': 'text/plain' }, query: '' },
  'a preflight': {
    method: 'OPTIONS',
    headers: { origin: 'https://a.example', 'access-control-request-method': 'POST' },
  },
  GraphiQL: { method: 'GET', headers: { accept: 'text/html' } },
  livez: { method: 'GET', path: '/livez' },
  readyz: { method: 'GET', path: '/readyz' },
  nothing: { method: 'GET', path: '/nothing' },
};

async function ask({ url }: { readonly url: URL }, asked: Asked, name: string) {
  const { method = 'POST', path = '/graphql', headers = {}, query } = asked;
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  request(
    new URL(path, url),
    {
      method,
      agent: false,
      headers: {
        'content-type': 'application/json',
        'x-request-id': name.replaceAll(' ', '-'),
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        ...headers,
      },
    },
    resolve,
  )
    .once('error', reject)
    .end(query === undefined ? undefined : JSON.stringify({ query }));
  const response = await promise;
  const { statusCode, rawHeaders } = response;
  return {
    statusCode,
    headers: rawHeaders.map((value, at) =>
      /^(date|server-timing)$/i.test(rawHeaders[at - 1] ?? '') ? '' : value,
    ),
    body: await text(response),
  };
}

/** The messages that a query and a stream get over a WebSocket. */
async function askOverSocket({ url }: { readonly url: URL }) {
  const peer = await openAcknowledged(
    new URL('/graphql', url),
    { token },
    { headers: { 'x-request-id': 'a-socket' } },
  );
  peer.subscribe('query', conference);
  await peer.next('complete', 'query');
  peer.subscribe('stream', 'subscription { conference(tempConferenceId: "56039687") { title status } }');
  await peer.next('complete', 'stream');
  peer.socket.close(1000);
  expect(await peer.closed).toBe(1000);
  return peer.messages;
}

/** The log lines of a process, without the parts that differ from run to run. */
const linesOf = ({ output }: WatchedProcess) =>
  output.stdout
    .trim()
    .split('\n')
    .map((line) =>
      JSON.parse(line, (key, value: unknown) => {
        if (/^time$|Ms$/.test(key)) return 0;
        return typeof value === 'string' ? value.replaceAll(/(?:localhost|127\.0\.0\.1):\d+/g, '') : value;
      }),
    );

describe('the bundle, alone in a read-only folder', () => {
  it('answers and logs like the sources', async () => {
    const env = {
      UPSTREAM_URL: simulator.url.href,
      GRAPHIQL: 'true',
      INTROSPECTION: 'true',
      LIVE_INTERVAL_MS: '100',
      CORS_ORIGINS: 'https://a.example',
    };
    await using sources = await startWatchedProcess(env);
    await using bundle = await startBundle(env);
    for (const [name, asked] of Object.entries(corpus)) {
      const expected = await ask(sources, asked, name);
      expect(await ask(bundle, asked, name), name).toEqual(expected);
    }

    expect(await askOverSocket(bundle)).toEqual(await askOverSocket(sources));

    const page = await ask(sources, corpus['GraphiQL'] ?? {}, 'page');
    const assets = [...page.body.matchAll(/graphql\/[\w-]+\/[\w.-]+/g)].map(([path]) => `/${path}`);
    expect(assets.length).toBeGreaterThan(4);
    for (const path of assets) {
      const asset = { method: 'GET', path };
      expect(
        (await ask(bundle, asset, 'asset')).body === (await ask(sources, asset, 'asset')).body,
        path,
      ).toBe(true);
    }

    const namesOf = async ({ metricsUrl }: WatchedProcess) =>
      (await (await fetch(metricsUrl)).text()).match(/^# .*$/gm);
    expect(await namesOf(bundle)).toEqual(await namesOf(sources));

    for (const gateway of [sources, bundle]) gateway.kill('SIGTERM');
    expect([await sources.ended, await bundle.ended]).toEqual([0, 0]);
    expect(linesOf(bundle)).toEqual(linesOf(sources));
    expect(bundle.output.stderr).toBe('');
  });

  it('contains the simulator that replaces the upstream in development', async () => {
    await using gateway = await startBundle({ NODE_ENV: 'development' });
    const { body } = await ask(gateway, corpus['a conference'] ?? {}, 'embedded');
    expect(JSON.parse(body)).toMatchObject({ data: { conference: { title: '产品发布会' } } });
  });

  it.each(['18.20.8', '20.20.2', '23.11.1'])(
    'says in one line which Node it needs, and does not start, under Node %s',
    (version) => {
      const versions = JSON.stringify({ node: version });
      const preload = `data:text/javascript,Object.defineProperty(process, 'versions', { value: ${versions} })`;
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        ['--import', preload, join(dist, 'main.js')],
        { encoding: 'utf8', env: {}, timeout: 10_000 },
      );
      expect({ status, stdout, stderr }).toEqual({
        status: 1,
        stdout: '',
        stderr: `Node.js 24 or newer is needed, and this is ${version}.\n`,
      });
      // An old Node refuses a file that imports a name which it does not have, before the first line runs.
      expect(readFileSync(join(dist, 'main.js'), 'utf8')).not.toMatch(
        /import\s*\{[^}]*\}\s*from\s*"node:module"/,
      );
    },
  );

  it('exports traces', async () => {
    await using gateway = await startBundle({
      UPSTREAM_URL: simulator.url.href,
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
    });
    await ask(gateway, corpus['a conference'] ?? {}, 'traced');
    gateway.kill('SIGTERM');
    expect(await gateway.ended).toBe(0);
    // Nothing listens at that port. The event shows that the gateway tried to export.
    expect(gateway.output.stdout).toContain('"event":"spansLost"');
  });

  it('loads the packages for tracing only if tracing is on', () => {
    const texts = new Map<string, string>();
    const load = (file: string) => {
      if (texts.has(file)) return;
      const text = readFileSync(join(dist, file), 'utf8');
      texts.set(file, text);
      // Static imports only: a file that is imported by `import()` is loaded later, when it is needed.
      for (const [, next = ''] of text.matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g)) load(next);
    };
    const holdsPackages = (text: string) => text.includes('OTel-OTLP-Exporter-JavaScript');
    // main.js loads the gateway by `import()`, too.
    load('main.js');
    for (const file of readdirSync(dist)) if (/^gateway-.*\.js$/.test(file)) load(file);
    expect([...texts.keys()].some((file) => file.startsWith('gateway-'))).toBe(true);
    expect([...texts].filter(([, text]) => holdsPackages(text)).map(([file]) => file)).toEqual([]);
    const scripts = readdirSync(dist).filter((file) => file.endsWith('.js'));
    expect(scripts.some((file) => holdsPackages(readFileSync(join(dist, file), 'utf8')))).toBe(true);
  });

  it('names each of its packages, with the text of the licence', () => {
    const licences = readFileSync(join(dist, 'LICENCES.txt'), 'utf8');
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    for (const name of Object.keys(dependencies)) expect(licences).toMatch(new RegExp(`^${name} \\d`, 'm'));
  });

  it('has a source map for each of its files, and no path of the build machine', () => {
    const files = readdirSync(dist);
    const texts = new Map(
      files
        .filter((name) => name.endsWith('.js'))
        .map((name) => [name, readFileSync(join(dist, name), 'utf8')]),
    );
    for (const [file, text] of texts) {
      // These have no source: the bundler's runtime, and files that only re-export.
      if (file.startsWith('rolldown-runtime') || /^(?:import[^;]*;)*export\{[^}]*\};\s*$/.test(text))
        continue;
      expect(files).toContain(`${file}.map`);
      expect(text.includes(root)).toBe(false);
    }
  });
});
