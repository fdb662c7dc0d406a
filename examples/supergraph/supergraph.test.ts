import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startTestUpstream, type TestUpstream } from '../../test/support/upstream.ts';
import type { Listening } from './listen.ts';
import { firstQuery, passedOn, portsFrom, startSupergraph } from './supergraph.ts';

interface Conference {
  readonly title: string;
  readonly host: { readonly name: string; readonly user: User };
}

interface User {
  readonly name: string;
  readonly organization: { readonly id: string; readonly members: readonly { readonly name: string }[] };
}

interface Answer {
  readonly data: {
    readonly bookings: readonly { readonly id: string; readonly conference: Conference | null }[];
  };
  readonly errors?: readonly {
    readonly path: readonly (string | number)[];
    readonly extensions: Readonly<Record<string, unknown>>;
  }[];
}

async function ask(url: string, query: string, headers: Readonly<Record<string, string>>): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
  return response.json();
}

describe('the command', () => {
  it('starts the graph on the simulator, shows where, and ends all of it', async () => {
    const child = spawn(process.execPath, [fileURLToPath(new URL('main.ts', import.meta.url))], {
      env: { PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    let url: string | undefined;
    for await (const line of createInterface(child.stdout)) {
      [url] = /http:\S+\/graphql/.exec(line) ?? [];
      if (url) break;
    }
    try {
      assert.ok(url);
      const { data } = await ask(url, firstQuery, { token: 'dev-token' });
      assert.equal(data.bookings[0]?.conference?.title, '产品发布会');
      assert.equal(data.bookings[0]?.conference?.host.user.organization.members[0]?.name, '张三');
    } finally {
      child.kill();
    }
    assert.deepEqual(await ended, [0, null]);
    await assert.rejects(ask(url, '{ __typename }', {}));
  });
});

describe('a query that starts at the bookings', () => {
  let supergraph: Listening;
  before(async () => {
    supergraph = await startSupergraph({ ports: portsFrom(0), env: {} });
  });
  after(() => supergraph.close());

  it("reaches the conference, its host's account and the organization, each of its own subgraph", async () => {
    const query =
      '{ bookings { id conference { eventId title host { name user { name organization { id } } } } } }';
    const { data } = await ask(supergraph.url, query, { token: 'dev-token' });
    const shown = data.bookings.filter(({ conference }) => conference !== null);
    assert.deepEqual(
      shown.map(({ id, conference }) => ({
        id,
        title: conference?.title,
        organization: conference?.host.user.organization.id,
      })),
      [
        { id: '1165158', title: '产品发布会', organization: '2001' },
        { id: '1165201', title: '项目周例会', organization: '2001' },
        { id: '1165202', title: '运维值班室', organization: '2002' },
      ],
    );
    for (const { conference } of shown) assert.equal(conference?.host.user.name, conference?.host.name);
  });

  it('shows why one conference is missing, by its code, and all the others', async () => {
    const { data, errors } = await ask(supergraph.url, '{ bookings { conference { title } } }', {
      token: 'dev-token',
    });
    assert.deepEqual(
      data.bookings.map(({ conference }) => conference?.title ?? null),
      ['产品发布会', null, '项目周例会', '运维值班室'],
    );
    assert.deepEqual(
      errors?.map(({ path, extensions }) => [path.slice(0, 3), extensions['code']]),
      [[['bookings', 1, 'conference'], 'UPSTREAM_REJECTED']],
    );
  });

  it('is UNAUTHENTICATED without a credential', async () => {
    const { errors = [] } = await ask(supergraph.url, '{ bookings { conference { title } } }', {});
    assert.deepEqual(
      errors.map(({ extensions }) => extensions['code']),
      Array.from({ length: 4 }, () => 'UNAUTHENTICATED'),
    );
  });
});

describe('a caller', () => {
  let upstream: TestUpstream;
  let supergraph: Listening;
  before(async () => {
    // The title shows whose token asked.
    upstream = await startTestUpstream(({ id, token }, response) => {
      const result = { tempConferenceId: id, title: token, hostId: 10001, hostOrgId: 2001 };
      response.end(JSON.stringify({ status: 0, result }));
    });
    supergraph = await startSupergraph({ ports: portsFrom(0), env: { UPSTREAM_URL: upstream.url } });
  });
  after(async () => {
    await supergraph.close();
    await upstream[Symbol.asyncDispose]();
  });

  const query = '{ bookings { conference { title host { user { name organization { id } } } } } }';

  for (const [header, value] of [
    ['token', 'secret-1'],
    ['authorization', 'Bearer secret-1'],
  ] as const) {
    it(`is known upstream by its ${header} header, and its request by its ID`, async () => {
      const seen = upstream.received.length;
      await ask(supergraph.url, query, { [header]: value, 'x-request-id': `from-${header}` });
      const received = upstream.received.slice(seen);
      assert.deepEqual(new Set(received.map(({ token }) => token)), new Set(['secret-1']));
      assert.deepEqual(
        new Set(received.map(({ headers }) => headers['x-request-id'])),
        new Set([`from-${header}`]),
      );
    });
  }

  it('never gets what another caller asked for at the same time, in 2,000 requests', async () => {
    let asked = 0;
    const lane = async (token: string) => {
      for (let turn = 0; turn < 50; turn += 1) {
        asked += 1;
        const { data } = await ask(supergraph.url, query, { token });
        for (const { conference } of data.bookings) assert.equal(conference?.title, token);
      }
    };
    await Promise.all(Array.from({ length: 40 }, (_, at) => lane(at % 2 === 0 ? 'anna' : 'ben')));
    assert.equal(asked, 2000);
  });
});

for (const liveOver of ['sse', 'websocket'] as const) {
  describe(`a subscription over ${liveOver}`, () => {
    const state = { title: 'first', hostId: 10001, status: 2, attendeeCnt: 1 };
    let upstream: TestUpstream;
    let supergraph: Listening;
    let metricsPort: number;
    before(async () => {
      upstream = await startTestUpstream(({ id }, response) => {
        response.end(JSON.stringify({ status: 0, result: { tempConferenceId: id, ...state } }));
      });
      metricsPort = await freePort();
      const env = { UPSTREAM_URL: upstream.url, LIVE_INTERVAL_MS: '200', METRICS_PORT: String(metricsPort) };
      supergraph = await startSupergraph({ ports: portsFrom(0), env, liveOver });
    });
    after(async () => {
      await supergraph.close();
      await upstream[Symbol.asyncDispose]();
    });

    /** The events of a subscription: all that came within one `read`. */
    async function* eventsOf(query: string) {
      const response = await fetch(supergraph.url, {
        method: 'POST',
        headers: { accept: 'text/event-stream', 'content-type': 'application/json', token: 'anna' },
        body: JSON.stringify({ query }),
      });
      let rest = '';
      for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
        const blocks = (rest + text).split('\n\n');
        rest = blocks.pop() ?? '';
        for (const block of blocks) {
          const [, type, data] = /^event: (\w+)\ndata: ?(.*)$/s.exec(block.trim()) ?? [];
          if (type) yield { type, data: data ? JSON.parse(data).data : undefined };
        }
      }
    }

    it("is live through the router, joined with the other subgraphs' fields, until the conference ends", async () => {
      const query = `subscription {
        conference(tempConferenceId: "1") { title status counters { attendees } host { user { name } } }
      }`;
      const conference = (title: string, status: string, attendees: number) => ({
        conference: { title, status, counters: { attendees }, host: { user: { name: '张三' } } },
      });
      const events = eventsOf(query);
      assert.deepEqual((await events.next()).value, { type: 'next', data: conference('first', 'IN_PROGRESS', 1) });
      const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
      assert.match(metrics, liveOver === 'websocket' ? /^gateway_websockets 1$/m : /^gateway_websockets 0$/m);
      Object.assign(state, { attendeeCnt: 2 });
      assert.deepEqual((await events.next()).value, { type: 'next', data: conference('first', 'IN_PROGRESS', 2) });
      Object.assign(state, { status: 4 });
      assert.deepEqual((await events.next()).value, { type: 'next', data: conference('first', 'ENDED', 2) });
      assert.equal((await events.next()).value?.type, 'complete');
    });
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

describe('the files for other routers', () => {
  const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
  const { graph: _, ...subgraphs } = portsFrom(4100);

  for (const path of ['apollo-router/supergraph.yaml', 'cosmo-router/graph.yaml']) {
    it(`${path} composes the subgraphs where they are`, () => {
      const places = [...read(path).matchAll(/(?:^ {2}|name: )(\w+):?\n.*routing_url: (\S+)/gm)];
      assert.deepEqual(
        places.map(([, name, url]) => [name, url]),
        Object.entries(subgraphs).map(([name, port]) => [name, `http://127.0.0.1:${port}/graphql`]),
      );
    });
  }

  for (const path of ['apollo-router/router.yaml', 'cosmo-router/config.yaml', 'hive-router/router.config.yaml']) {
    it(`${path} passes on the headers that Hive Gateway passes on`, () => {
      const toConferences = read(path).split('response:')[0] ?? '';
      const names = [...toConferences.matchAll(/named: (\S+)/g)].map(([, name]) => name?.toLowerCase());
      assert.deepEqual(names, [...passedOn]);
    });
  }
});
