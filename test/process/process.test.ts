import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { compileCache } from '../support/compile-cache.ts';
import { startTestUpstream, record } from '../support/upstream.ts';

const root = new URL('../..', import.meta.url);
const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

/** Starts a program of the project with only these environment variables. */
function run(program: string, env: Readonly<Record<string, string>> = {}, ...args: readonly string[]) {
  const child = spawn(process.execPath, [new URL(program, root).pathname, ...args], {
    env: { ...compileCache, ...env },
    cwd: root,
  });
  started.push(child);
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (output.stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (output.stderr += String(chunk)));
  return {
    child,
    ended: once(child, 'close').then(([code]) => ({ code, ...output })),
    /** Waits until stdout matches, and returns it. */
    async until(pattern: RegExp): Promise<string> {
      while (!pattern.test(output.stdout)) await once(child.stdout, 'data');
      return output.stdout;
    },
  };
}

describe('a start with wrong settings', () => {
  it('ends with exit code 1 and one line for each, with the setting, its value and what it takes', async () => {
    const { ended } = run('src/main.ts', {
      PORT: '80000',
      UPSTREAM_TIMEOUT_MS: '5s',
      UPSTREAM_URL: 'https://anna:secret@example.com/',
      UPSTREAM_STATUS_CODES: '0=NOT_FOUND',
      LOG_LEVEL: 'loud',
      CORS_ORIGINS: '*',
    });
    const { code, stdout, stderr } = await ended;
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr.trimEnd().split('\n')).toEqual([
      'PORT: "80000" is not a whole number from 0 to 65535',
      'UPSTREAM_URL: what it is set to is not an http or https URL of an origin and an optional path, without user, query or fragment',
      'UPSTREAM_TIMEOUT_MS: "5s" is not a whole number of milliseconds from 1 to 600000',
      'UPSTREAM_STATUS_CODES: "0=NOT_FOUND" is not a list of STATUS=CODE separated by commas, each status once, not 0, each code one of UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, UPSTREAM_UNAVAILABLE',
      'CORS_ORIGINS: "*" is not a list, separated by commas, each an http or https origin such as https://admin.example.com, without a path',
      'LOG_LEVEL: "loud" is not one of debug, info, warn, error, silent',
    ]);
  });

  it('needs an upstream in production', async () => {
    const { code, stderr } = await run('src/main.ts', { NODE_ENV: 'production' }).ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^UPSTREAM_URL: not set, and in production it must be an http or https URL .*\n$/);
  });

  it('is in production even if the word has a blank or a carriage return', async () => {
    const { code, stderr } = await run('src/main.ts', { NODE_ENV: 'production\r' }).ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^UPSTREAM_URL: not set, and in production/);
  });

  it.each([
    'https://h.example/#s3cret',
    'anna:s3cret',
    'https://h.example/?key=s3cret',
    'https://a:s3cret@h.example',
  ])('shows nothing of an address that may contain a secret (%s)', async (url) => {
    const { code, stderr } = await run('src/main.ts', { UPSTREAM_URL: url }).ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^UPSTREAM_URL: what it is set to is not /);
    expect(stderr).not.toContain('s3cret');
  });

  it('with an address of another machine names the address as the mistake', async () => {
    const { code, stderr } = await run('src/main.ts', { HOST: '192.0.2.1', PORT: '0' }).ended;
    expect(code).toBe(1);
    expect(stderr).toBe('HOST: cannot listen on 192.0.2.1 port 0: EADDRNOTAVAIL\n');
  });

  it('with a port in use says so in one line', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await run('src/main.ts', { PORT: String(port) }).ended;
    other.close();
    expect(code).toBe(1);
    expect(stderr).toBe(`PORT: ${port} on 127.0.0.1 is in use; set another, or 0 for any that is free\n`);
  });
});

describe('a start without any setting', () => {
  it('says where GraphiQL is, which token to use and which ID to try, and the ID works', async () => {
    const lines = await run('src/main.ts', { PORT: '0' }).until(/56039701/);
    const [, url = ''] = /GraphiQL +(http:\S+)/.exec(lines) ?? [];
    const [, token = ''] = /token: (\S+)/.exec(lines) ?? [];
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', token },
      body: JSON.stringify({ query: '{ conference(tempConferenceId: "56039682") { title } }' }),
    });
    expect(await response.json()).toEqual({ data: { conference: { title: '产品发布会' } } });
    expect(lines.split('\n').length).toBeLessThan(24);
  });
});

describe.each(['SIGTERM', 'SIGINT'] as const)('%s', (signal) => {
  it('drains the process: running requests are answered, then exit code 0', async () => {
    let release = () => {};
    const asked = Promise.withResolvers<void>();
    await using upstream = await startTestUpstream((received, response) => {
      release = () => record({ title: 'late' })(received, response);
      asked.resolve();
    });
    const gateway = run('src/main.ts', {
      PORT: '0',
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      UPSTREAM_URL: upstream.url,
      DRAIN_DELAY_MS: '0',
    });
    const [, url = ''] = /"url":"([^"]+)"/.exec(await gateway.until(/"event":"started".*\n/)) ?? [];
    const answer = fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', token: 't' },
      body: JSON.stringify({ query: '{ conference(tempConferenceId: "1") { title } }' }),
    });
    await asked.promise;
    gateway.child.kill(signal);
    await new Promise((resolve) => setImmediate(resolve));
    release();
    expect(await (await answer).json()).toEqual({ data: { conference: { title: 'late' } } });
    expect((await gateway.ended).code).toBe(0);
  });
});

describe('a request that is refused while the process ends', () => {
  it('keeps neither its connection nor the process open', async () => {
    const gateway = run('src/main.ts', { PORT: '0', LOG_LEVEL: 'info', DRAIN_TIMEOUT_MS: '20000' });
    const [, port] = /:(\d+)\/graphql/.exec(await gateway.until(/"event":"started".*\n/)) ?? [];
    const socket = connect(Number(port), '127.0.0.1');
    let answer = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => (answer += chunk));
    socket.write(
      'POST /graphql HTTP/1.1\r\nhost: g\r\ncontent-type: application/json\r\ncontent-length: 8\r\nexpect: 100-continue\r\n\r\n',
    );
    // The gateway is reading this request when the drain starts.
    while (!answer.includes('100 Continue')) await once(socket, 'data');
    gateway.child.kill('SIGTERM');
    await gateway.until(/"event":"stopping".*\n/);
    socket.write('not JSON');
    expect((await gateway.ended).code).toBe(0);
    expect(answer).toMatch(/HTTP\/1\.1 400 [^]*connection: close/i);
    // Less than 10 s. The drain would have destroyed the connection after 20 s.
    expect(/"event":"stopped","durationMs":(\d+)/.exec(await gateway.until(/stopped/))?.[1]).toMatch(
      /^\d{1,4}$/,
    );
  });
});

describe('the schema command', () => {
  it('prints the schema without a running gateway', async () => {
    const { code, stdout } = await run('src/commands/schema.ts').ended;
    expect(code).toBe(0);
    expect(stdout).toContain('type Conference @key(fields: "tempConferenceId")');
    expect(stdout.match(/type Query/g)).toHaveLength(1);
  });
});

describe('the documentation', () => {
  it('is up to date with the tables in the code', async () => {
    const { code, stderr } = await run('src/commands/docs.ts', {}, '--check').ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});

describe('a Node.js version that cannot run the sources', () => {
  const { scripts, engines } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));

  it.each(['start', 'simulator', 'schema', 'check-upstream', 'sbom'])(
    'is reported by npm run %s before the sources are loaded',
    (name) => {
      expect(scripts[name]).toMatch(/^exec node(?: --\S+=\d+)* -r \.\/build\/needs-node\.cjs src\//);
    },
  );

  it.each(['18.20.8', '20.20.2', '23.11.1'])(
    'gets a message with the needed version and how to get it: %s',
    (version) => {
      const versions = JSON.stringify({ node: version });
      const script = `Object.defineProperty(process, 'versions', { value: ${versions} }); require('./build/needs-node.cjs')`;
      const { status, stderr } = spawnSync(process.execPath, ['-e', script], { cwd: root, encoding: 'utf8' });
      expect(engines.node).toBe('>=24');
      expect(stderr).toMatch(
        new RegExp(`^Node\\.js 24 or newer is needed, and this is ${version}\\. .*npm ci.*--omit=dev.*\\n$`),
      );
      expect(status).toBe(1);
    },
  );
});
