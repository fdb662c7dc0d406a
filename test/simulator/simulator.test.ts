import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { endpointPath, startSimulator } from '../../src/simulator/simulator.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { developmentToken, refusedTokens } from '../../src/simulator/tokens.ts';
import { worldIds } from '../../src/simulator/world.ts';
import { compileCache } from '../support/compile-cache.ts';

const path = '/confopenapi/admin/dashboard/conference/info';
const example = readFileSync(new URL('../fixtures/conference-56039682.json', import.meta.url), 'utf8');

let nowMs = Date.UTC(2026, 2, 26, 8, 20, 30, 250);
let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ now: () => nowMs });
});
afterAll(() => simulator.close());

function post(body: string, headers: Record<string, string> = { token: 'dev-token' }): Promise<Response> {
  return fetch(new URL(path, simulator.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
}

const ask = (id: string, token = 'dev-token'): Promise<Response> =>
  post(JSON.stringify({ tempConferenceId: id }), { token });

async function record(id: string): Promise<Record<string, unknown>> {
  const response = await ask(id);
  const envelope = await response.json();
  expect({ http: response.status, status: envelope.status }).toEqual({ http: 200, status: 0 });
  return envelope.result;
}

async function failed(response: Response): Promise<unknown> {
  const { status, result, msg } = await response.json();
  expect(result).toBeNull();
  expect(msg).toEqual(expect.any(String));
  return { http: response.status, status };
}

const seconds = (): number => Math.floor(nowMs / 1000);

describe('each documented ID does what the page says', () => {
  const said: Record<string, () => Promise<void>> = {
    async '56039682'() {
      expect(await (await ask('56039682')).text()).toBe(example);
    },
    async '56039683'() {
      const running = await record('56039683');
      expect(running).toMatchObject({ tempConferenceId: '56039683', status: 2, stopTime: 0 });
      expect(running['confDuration']).toBe(20 * 60 + 30);
      expect(running['startTime']).toBe(Date.UTC(2026, 2, 26, 8) / 1000);
    },
    async '56039684'() {
      const running = await record('56039684');
      expect(running).toMatchObject({ tempConferenceId: '56039684', status: 2, stopTime: 0 });
      expect(new Date(Number(running['startTime']) * 1000).toUTCString()).toMatch(/^Thu, .* 00:00:00 GMT$/);
    },
    async '56039685'() {
      const start = seconds() - 30;
      const courses = [];
      for (const elapsed of [0, 39, 40, 59, 60]) {
        nowMs = (start + elapsed) * 1000;
        const { startTime, stopTime, confDuration, status } = await record('56039685');
        courses.push({ elapsed, startTime, stopTime, confDuration, status });
      }
      expect(courses).toEqual([
        { elapsed: 0, startTime: start, stopTime: 0, confDuration: 0, status: 2 },
        { elapsed: 39, startTime: start, stopTime: 0, confDuration: 39, status: 2 },
        { elapsed: 40, startTime: start, stopTime: start + 40, confDuration: 40, status: 4 },
        { elapsed: 59, startTime: start, stopTime: start + 40, confDuration: 40, status: 4 },
        { elapsed: 60, startTime: start + 60, stopTime: 0, confDuration: 0, status: 2 },
      ]);
    },
    async '56039686'() {
      const none = { startTime: 0, stopTime: 0, confDuration: 0, attendeeCnt: 0, voipCnt: 0, pstnCnt: 0 };
      expect(await record('56039686')).toMatchObject({ tempConferenceId: '56039686', status: 1, ...none });
    },
    async '56039687'() {
      expect(await record('56039687')).toMatchObject({ status: 4, confDuration: 3 * 3600 });
    },
    async '56039688'() {
      const ended = await record('56039688');
      expect(ended).toMatchObject({ status: 4, voipCnt: 0, hostIp: '' });
      expect(ended['pstnCnt']).toBeGreaterThan(0);
    },
    async '56039689'() {
      const ended = await record('56039689');
      expect(ended['status']).toBe(4);
      expect(ended['mcuCnt']).toBeGreaterThan(0);
      expect(ended['boxCnt']).toBeGreaterThan(0);
    },
    async '56039690'() {
      const { tempConferenceId, title, status, ...rest } = await record('56039690');
      expect({ tempConferenceId, status }).toEqual({ tempConferenceId: '56039690', status: 2 });
      expect(title).toEqual(expect.any(String));
      expect(new Set(Object.values(rest))).toEqual(new Set([null]));
    },
    async '56039691'() {
      const body = await (await ask('56039691')).text();
      expect(body).toContain('"eventId": 9007199254740993,');
      expect(body).toContain('"hostId": 9223372036854775807,');
      expect(body).toContain('"hostOrgId": 1152921504606846977,');
      expect(JSON.parse(body).result.status).toBe(4);
    },
    async '56039692'() {
      expect(await record('56039692')).toMatchObject({ status: 2, isSecureConf: true, isRecord: false });
    },
    async '56039693'() {
      expect(await record('56039693')).toMatchObject({
        tempConferenceId: '56039693',
        status: 9,
        stopTime: 0,
      });
    },
    async '56039700'() {
      expect(await record('56039700')).toBeNull();
    },
    async '56039701'() {
      const envelope = await (await ask('56039701')).json();
      expect(envelope).toMatchObject({ status: 20003, result: null, msg: '会议数据正在归档，暂不支持查询' });
    },
    async '56039702'() {
      const asked = performance.now();
      expect(await record('56039702')).toMatchObject({ tempConferenceId: '56039702', status: 2 });
      expect(performance.now() - asked).toBeGreaterThan(1490);
    },
    async '56039703'() {
      const answers = await Promise.allSettled([
        fetch(new URL(path, simulator.url), {
          method: 'POST',
          headers: { token: 'dev-token' },
          body: '{"tempConferenceId":"56039703"}',
          signal: AbortSignal.timeout(300),
        }),
      ]);
      expect(answers).toMatchObject([{ status: 'rejected', reason: { name: 'TimeoutError' } }]);
    },
    async '56039704'() {
      expect((await ask('56039704')).status).toBe(500);
    },
    async '56039705'() {
      const response = await ask('56039705');
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(await response.text()).toMatch(/^<!doctype html>/);
    },
    async '56039706'() {
      const response = await ask('56039706');
      expect(response.status).toBe(200);
      const body = await response.text();
      expect(body).toContain('"56039706"');
      expect(() => JSON.parse(body)).toThrow(SyntaxError);
    },
    async '56039707'() {
      expect(await record('56039707')).toMatchObject({ tempConferenceId: '56039707', startTime: '昨天' });
    },
    async '56039708'() {
      expect(await record('56039708')).toMatchObject({ tempConferenceId: '56039683' });
    },
  };

  it.each(worldIds)('$id: $about.en', async ({ id }) => {
    const check = said[id];
    if (check === undefined) throw new Error(`nothing here says what ${id} does`);
    await check();
  });

  it('and none is missing from the page', () => {
    expect(Object.keys(said)).toEqual(worldIds.map(({ id }) => id));
  });

  it.each(['1', '', '__proto__', ' 56039682', '560396820'])(
    'any other, such as %j, is unknown',
    async (id) => {
      expect(await (await ask(id)).json()).toMatchObject({ status: 50013, result: null, msg: '会议不存在' });
    },
  );
});

describe('each documented token does what the page says', () => {
  const said: Record<string, { http: number; status: number }> = {
    'expired-token': { http: 401, status: 401 },
    'forbidden-token': { http: 403, status: 403 },
    'rejected-token': { http: 200, status: 10001 },
  };

  it.each(refusedTokens)('$token: $about.en', async ({ token }) => {
    expect(await failed(await ask('56039682', token))).toEqual(said[token]);
  });

  it('and none is missing from the page', () => {
    expect(Object.keys(said)).toEqual(refusedTokens.map(({ token }) => token));
  });

  it.each([developmentToken, 'x', '~!@#', 'a'.repeat(8192)])(
    'accepts any other, such as %.20s',
    async (token) => {
      expect(await (await ask('56039682', token)).text()).toBe(example);
    },
  );

  it('takes the token from the body where no header carries it', async () => {
    const body = { tempConferenceId: '56039682', token: 'dev-token' };
    expect(await (await post(JSON.stringify(body), {})).text()).toBe(example);
    expect((await post(JSON.stringify({ ...body, token: 'expired-token' }), {})).status).toBe(401);
  });

  it.each([
    { without: 'any token', headers: {}, body: {} },
    { without: 'text as the token', headers: {}, body: { token: 1 } },
    { without: 'a printable token', headers: { token: 'a b' }, body: {} },
    {
      without: 'a token in the header that the body could replace',
      headers: { token: '' },
      body: { token: 'x' },
    },
  ])('answers HTTP 401 without $without', async ({ headers, body }) => {
    const response = await post(JSON.stringify({ tempConferenceId: '56039682', ...body }), headers);
    expect(await failed(response)).toEqual({ http: 401, status: 401 });
  });
});

describe('a request that is not the contract’s', () => {
  it.each([
    { asked: 'another path', http: 404, request: { url: '/', method: 'POST', body: '{}' } },
    { asked: 'another method', http: 405, request: { url: path, method: 'GET' } },
    { asked: 'no body', http: 400, request: { url: path, method: 'POST' } },
    { asked: 'half a body', http: 400, request: { url: path, method: 'POST', body: '{"tempConf' } },
    { asked: 'no object', http: 400, request: { url: path, method: 'POST', body: '"56039682"' } },
    {
      asked: 'a number as the ID',
      http: 400,
      request: { url: path, method: 'POST', body: '{"tempConferenceId":1}' },
    },
    { asked: 'too much', http: 413, request: { url: path, method: 'POST', body: ' '.repeat(65_537) } },
  ])('$asked is HTTP $http in the envelope', async ({ http, request: { url, ...request } }) => {
    const response = await fetch(new URL(url, simulator.url), {
      ...request,
      headers: { token: 'dev-token' },
    });
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await failed(response)).toEqual({ http, status: http });
  });

  it('does not end the simulator when it breaks off in the middle', async () => {
    const before = simulator.calls;
    const socket = connect(Number(simulator.url.port), simulator.url.hostname);
    socket.write(`POST ${path} HTTP/1.1\r\nhost: x\r\ntoken: dev-token\r\ncontent-length: 100\r\n\r\n{`);
    await expect.poll(() => simulator.calls).toBe(before + 1);
    socket.destroy();
    expect(await (await ask('56039682')).text()).toBe(example);
  });

  it('is counted, as every request is', async () => {
    const before = simulator.calls;
    await fetch(simulator.url);
    await ask('56039682');
    expect(simulator.calls).toBe(before + 2);
  });
});

describe('the clock', () => {
  it('makes the bytes: the same moment gives the same answer, whichever simulator is asked', async () => {
    const other = await startSimulator({ now: () => nowMs });
    onTestFinished(() => other.close());
    const immediate = worldIds.filter(({ delayMs }) => delayMs === undefined);
    const anyMoment = fc.date({
      min: new Date('2025-01-01'),
      max: new Date('2100-01-01'),
      noInvalidDate: true,
    });
    await fc.assert(
      fc.asyncProperty(anyMoment, fc.constantFrom(...immediate), async (moment, { id }) => {
        nowMs = moment.getTime();
        const first = await (await ask(id)).text();
        const second = await fetch(new URL(path, other.url), {
          method: 'POST',
          headers: { token: 'another-token' },
          body: JSON.stringify({ tempConferenceId: id }),
        });
        expect(await second.text()).toBe(first);
      }),
    );
  });

  it('dates the answer, to the millisecond', async () => {
    nowMs = 1_774_514_768_581.9;
    expect(await (await ask('56039683')).json()).toMatchObject({
      timestamp: 1_774_514_768_581,
      request_id: 'rtsas-172371014-1774514768.581000000.258',
    });
  });
});

describe('close', () => {
  it('is not held up by an answer that never comes, nor by one that is slow', async () => {
    const own = await startSimulator();
    const waiting = ['56039703', '56039702'].map((id) =>
      fetch(new URL(endpointPath, own.url), {
        method: 'POST',
        headers: { token: 'dev-token' },
        body: JSON.stringify({ tempConferenceId: id }),
      }),
    );
    const settled = Promise.allSettled(waiting);
    await expect.poll(() => own.calls).toBe(2);
    const begun = performance.now();
    await own.close();
    expect(performance.now() - begun).toBeLessThan(1000);
    expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});

describe('npm run simulator', () => {
  function run(port: string) {
    const child = spawn(process.execPath, ['src/commands/simulator.ts'], {
      cwd: new URL('../..', import.meta.url),
      env: { ...process.env, ...compileCache, SIMULATOR_PORT: port },
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const closed = once(child, 'close');
    return { child, closed, stderr: text(child.stderr) };
  }

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'prints a curl that works, and ends in order on %s',
    async (signal) => {
      const { child, closed } = run('0');
      let printed = '';
      for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
        printed += chunk;
        if (printed.includes('rejected-token')) break;
      }
      for (const { id, about } of worldIds) expect(printed).toContain(`${id}         ${about.en}`);

      const [, url = '', type = '', token = '', body = ''] =
        /curl (\S+) \\\n +-H 'content-type: (.*)' -H 'token: (.*)' \\\n +-d '(.*)'\n/.exec(printed) ?? [];
      const response = await fetch(url, { method: 'POST', headers: { 'content-type': type, token }, body });
      expect(await response.text()).toBe(example);

      child.kill(signal);
      expect(await closed).toEqual([0, null]);
    },
  );

  it.each([
    { port: '4001x', line: 'SIMULATOR_PORT: "4001x" is not a whole number from 0 to 65535\n' },
    { port: '65536', line: 'SIMULATOR_PORT: "65536" is not a whole number from 0 to 65535\n' },
  ])('says in a line that $port is no port', async ({ port, line }) => {
    const { closed, stderr } = run(port);
    expect(await closed).toEqual([1, null]);
    expect(await stderr).toBe(line);
  });

  it('says in a line that its port is in use', async () => {
    const { closed, stderr } = run(simulator.url.port);
    expect(await closed).toEqual([1, null]);
    expect(await stderr).toBe(
      `SIMULATOR_PORT: ${simulator.url.port} is in use; set another, or 0 for any that is free\n`,
    );
  });
});

describe('a client that leaves before a slow answer', () => {
  afterEach(() => vi.useRealTimers());

  it('leaves no timer behind', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const slow = worldIds.find(({ delayMs = 0 }) => delayMs > 0 && delayMs !== Infinity);
    const body = JSON.stringify({ tempConferenceId: slow?.id });
    const socket = connect({ host: simulator.url.hostname, port: Number(simulator.url.port) });
    socket.write(
      `POST ${path} HTTP/1.1\r\nhost: s\r\ntoken: dev-token\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    while (vi.getTimerCount() === 0) await turn();
    socket.destroy();
    while (vi.getTimerCount() > 0) await turn();
    expect(vi.getTimerCount()).toBe(0);
  });
});
