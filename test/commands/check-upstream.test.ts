import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../../src/commands/check-upstream/ask.ts';
import { english } from '../../src/commands/check-upstream/english.ts';
import { interview } from '../../src/commands/check-upstream/interview.ts';
import { fits, report } from '../../src/commands/check-upstream/report.ts';
import { askHidden } from '../../src/commands/check-upstream/token.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { developmentToken } from '../../src/simulator/tokens.ts';
import { systemClock } from '../../src/base/clock.ts';
import { createConnections } from '../../src/upstream/exchange/connections.ts';
import { compileCache } from '../support/compile-cache.ts';
import { startFaultServer } from '../support/fault-server.ts';
import { send } from '../support/faults.ts';
import { type Received, type Respond, startTestUpstream, text } from '../support/upstream.ts';

const root = new URL('../..', import.meta.url);

/** Runs the command as npm does, with only these environment variables and without a terminal. */
async function check(args: readonly string[], env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, ['src/commands/check-upstream.ts', ...args], {
    cwd: root,
    env: { ...compileCache, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (output.stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (output.stderr += String(chunk)));
  const [code] = await once(child, 'close');
  return { code, ...output };
}

let simulator: Simulator;
beforeAll(async () => void (simulator = await startSimulator()));
afterAll(() => simulator.close());

const onSimulator = (env: Readonly<Record<string, string>> = {}) => ({
  UPSTREAM_URL: simulator.url.origin,
  UPSTREAM_TOKEN: developmentToken,
  ...env,
});

describe('an upstream that keeps the contract', () => {
  it.each(['header', 'body'])('passes, the token in the %s', async (tokenIn) => {
    const { code, stdout, stderr } = await check(['56039682'], onSimulator({ UPSTREAM_TOKEN_IN: tokenIn }));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('Everything fits the contract.');
  });

  it('is shown field by field: the value received, and the value served', async () => {
    const { stdout } = await check(['56039682'], onSimulator());
    const fields = Object.keys(JSON.parse(example).result);
    for (const field of fields) expect(stdout).toMatch(new RegExp(`^result\\.${field} `, 'm'));
    expect(stdout).toMatch(/^result\.startTime +number 1715600000 +startTime: "2024-05-13T11:33:20Z"$/m);
    expect(stdout).toMatch(/^result\.status +number 2 +status: "IN_PROGRESS", statusCode: 2$/m);
    expect(stdout).toMatch(/^timestamp +number 1774514768581 +observedAt: "2026-03-26T08:46:08\.581Z"$/m);
  });

  it('shows long integers to the digit', async () => {
    const { stdout } = await check(['56039691'], onSimulator());
    expect(stdout).toMatch(/^result\.eventId +number 9007199254740993 +eventId: "9007199254740993"$/m);
  });

  it('gives its business statuses as a line to copy, after those that are set', async () => {
    const line = async (env?: Readonly<Record<string, string>>) =>
      /^ +UPSTREAM_STATUS_CODES=(.*)$/m.exec((await check(['56039682'], onSimulator(env))).stdout)?.[1];
    expect(await line()).toBe('50013=NOT_FOUND,10001=UNAUTHENTICATED');
    expect(await line({ UPSTREAM_STATUS_CODES: '7=FORBIDDEN,50013=NOT_FOUND' })).toBe(
      '7=FORBIDDEN,50013=NOT_FOUND,10001=UNAUTHENTICATED',
    );
  });

  it('gives the times of the calls', async () => {
    const { stdout } = await check(['56039682'], onSimulator());
    expect(stdout).toMatch(/^Time of 5 calls: shortest [\d.]+ ms, median [\d.]+ ms, longest [\d.]+ ms\.$/m);
  });

  it.each([
    { LC_ALL: 'zh_CN.UTF-8', LANG: 'en_US.UTF-8' },
    { LC_MESSAGES: 'zh_TW' },
    { LANG: 'zh_CN.UTF-8' },
  ])('is told in Chinese under %o', async (locale) => {
    const { code, stdout } = await check(['56039682'], onSimulator(locale));
    expect(code).toBe(0);
    expect(stdout).toContain('全部符合接口文档。');
  });
});

describe('personal data, the password and the token', () => {
  it('are in nothing that is printed', async () => {
    const { stdout, stderr } = await check(['56039682'], onSimulator());
    const { result } = JSON.parse(example);
    const { hostName, hostEmail, hostMobile, hostIp, hostLocation, pcode2 } = result;
    for (const personal of [hostName, hostEmail, hostMobile, hostIp, hostLocation, pcode2, developmentToken])
      expect(stdout + stderr).not.toContain(String(personal));
    expect(stdout).toMatch(/^result\.hostId +number masked +host\.user: masked$/m);
  });

  it('are not printed where they stand in a field of the wrong type or the wrong name, or in a message', async () => {
    const { stdout } = await checkAgainst(({ token, id }) =>
      id === '1'
        ? {
            ...envelope,
            result: { ...record, hostMobile: 13_900_000_000, hostIp: ['10.9.9.9'], mail: 'me@example.org' },
          }
        : { ...envelope, status: 5, result: null, msg: `no ${token} here` },
    );
    for (const secret of ['13900000000', '10.9.9.9', 'me@example.org', token])
      expect(stdout).not.toContain(secret);
    expect(stdout).toContain('no masked here');
  });
});

const example = readFileSync(new URL('../fixtures/conference-56039682.json', import.meta.url), 'utf8');
const envelope: Readonly<Record<string, unknown>> = JSON.parse(example);
const record = { ...JSON.parse(example).result, tempConferenceId: '1' };
const token = 'the-real-token';

/** Runs the command against an upstream with these answers. */
async function checkAgainst(
  answer: (received: Received) => unknown,
  env: Readonly<Record<string, string>> = {},
) {
  const respond: Respond = (received, response) => text(JSON.stringify(answer(received)))(received, response);
  await using upstream = await startTestUpstream(respond);
  return await check(['1'], { UPSTREAM_URL: upstream.url, UPSTREAM_TOKEN: token, ...env });
}

/** The same in this process. */
async function askHere(answer: (received: Received) => unknown, tokenIn: 'header' | 'body' = 'header') {
  const respond: Respond = (received, response) => text(JSON.stringify(answer(received)))(received, response);
  await using upstream = await startTestUpstream(respond);
  const url = new URL(upstream.url);
  const connections = createConnections({ url, reuse: true, clock: systemClock });
  const settings = { url, timeoutMs: 5000, maxBytes: 10_000, statusCodes: new Map<never, never>() };
  const learned = await interview({
    id: '1',
    token,
    tokenIn,
    ask: (question) => ask(question, settings, connections),
  });
  connections.close();
  const tokensIn = upstream.received.map(({ headers }) =>
    headers['token'] === undefined ? 'body' : 'header',
  );
  return { code: fits(learned) ? 0 : 1, stdout: report(learned, undefined, english), tokensIn };
}

const refusal = (status: number) => ({ ...envelope, status, result: null, msg: 'no' });

describe('an upstream that differs', () => {
  it('in ten ways has each of the ten named, and fails', async () => {
    const { boxCnt: _gone, ...rest } = record;
    const { code, stdout } = await checkAgainst((received) => {
      if (received.headers['token'] === undefined) return refusal(1);
      if (received.token !== token) return refusal(2);
      if (received.id !== '1') return refusal(3);
      return {
        ...envelope,
        timestamp: 1_774_514_768,
        trace: 'abc',
        result: {
          ...rest,
          tempConferenceId: '2',
          roomUrl: 'https://example.com/r',
          attendeeCnt: '15',
          startTime: 1_715_600_000_000,
          stopTime: 1_715_500_000,
          status: 7,
        },
      };
    });
    expect(code).toBe(1);
    const [, list = ''] = stdout.split('10 deviations from the contract:\n');
    expect(
      list
        .trimEnd()
        .split('\n')
        .map((line) => line.trim())
        .toSorted(),
    ).toEqual(
      [
        'result.attendeeCnt: string in place of int',
        'result.boxCnt: missing',
        'result.roomUrl: a field that the contract does not have',
        'result.startTime: milliseconds in place of seconds',
        'result.status: neither 2 (in progress) nor 4 (ended)',
        'result.stopTime: before startTime',
        'result.tempConferenceId: another ID than asked: the gateway refuses the whole answer',
        'timestamp: seconds in place of milliseconds',
        'token in the body: no record',
        'trace: a field that the contract does not have',
      ].toSorted(),
    );
  });

  it.each([
    {
      of: 'result',
      change: { title: null },
      named: 'result.title: null, which the contract does not allow here',
    },
    { of: 'result', change: { isRecord: 'yes' }, named: 'result.isRecord: string in place of boolean' },
    { of: 'result', change: { eventId: '1165158' }, named: 'result.eventId: string in place of long' },
    { of: 'result', change: { hostId: 1.5 }, named: 'result.hostId: number in place of long' },
    {
      of: 'result',
      change: { attendeeCnt: 3_000_000_000 },
      named: 'result.attendeeCnt: number in place of int',
    },
    { of: 'result', change: { attendeeCnt: -1 }, named: 'result.attendeeCnt: less than 0' },
    {
      of: 'result',
      change: { stopTime: 1_715_603_600, confDuration: 3_600_000 },
      named: 'result.confDuration: longer than from start to end: not seconds?',
    },
    {
      of: 'envelope',
      change: { timestamp: 1_774_514_768_581_000 },
      named: 'timestamp: the schema cannot read it',
    },
    { of: 'envelope', change: { msg: 7 }, named: 'msg: number in place of string' },
    {
      of: 'envelope',
      change: { request_id: 'a b' },
      named: "request_id: not in the form of the contract's example",
    },
    {
      of: 'envelope',
      change: { request_duration: 68.5 },
      named: 'request_duration: number in place of string',
    },
    { of: 'envelope', change: { status: '0' }, named: 'status: string in place of int' },
    { of: 'envelope', change: { result: [] }, named: 'result: list in place of object' },
  ])('in $change is told so', async ({ of, change, named }) => {
    const changed =
      of === 'result'
        ? { ...envelope, result: { ...record, ...change } }
        : { ...envelope, result: record, ...change };
    const { code, stdout } = await askHere(({ id, token: sent }) =>
      id === '1' && sent === token ? changed : refusal(4),
    );
    expect(code).toBe(1);
    expect(stdout).toContain(`\n  ${named}\n`);
  });

  it('by giving a record for any ID and to any token is told so', async () => {
    const { code, stdout } = await askHere(({ id }) => ({
      ...envelope,
      result: { ...record, tempConferenceId: id },
    }));
    expect(code).toBe(1);
    expect(stdout).toContain(
      '\n  an ID that does not exist: neither a refusal nor an answer without a record\n',
    );
    expect(stdout).toContain('\n  a token that is wrong: not refused\n');
  });

  it('by one status for two meanings gets no line to copy', async () => {
    const { code, stdout } = await askHere(({ id, token: sent }) =>
      id === '1' && sent === token ? { ...envelope, result: record } : refusal(4),
    );
    expect(code).toBe(0);
    expect(stdout).not.toContain('UPSTREAM_STATUS_CODES');
    expect(stdout).toContain(
      '4 says that a token is wrong and that an ID does not exist: it cannot be mapped.',
    );
  });

  it('by not being there is told so, with the reason', async () => {
    const { code, stdout } = await check(['1'], {
      UPSTREAM_URL: 'http://127.0.0.1:1',
      UPSTREAM_TOKEN: token,
    });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^token in the header +UPSTREAM_UNAVAILABLE +ECONNREFUSED/m);
    expect(stdout).toContain('\n  token in the header: no usable answer\n');
  });

  it('cannot steer the terminal', async () => {
    const { stdout } = await checkAgainst(({ id }) =>
      id === '1'
        ? { ...envelope, result: { ...record, title: '\u001b[2J\u009b\u202e', '\u001b[2J': 1 } }
        : refusal(4),
    );
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202a-\u202e]/u);
  });
});

describe('after one question with the token in the header and one with it in the body,', () => {
  it.each([
    { takes: ['header', 'body'], setting: 'header', used: 'header' },
    { takes: ['header', 'body'], setting: 'body', used: 'body' },
    { takes: ['header'], setting: 'body', used: 'header' },
    { takes: ['body'], setting: 'header', used: 'body' },
    { takes: [], setting: 'header', used: 'header' },
    { takes: [], setting: 'body', used: 'body' },
  ] as const)(
    'where UPSTREAM_TOKEN_IN is $setting and the upstream takes it in $takes, the token is only in the $used',
    async ({ takes, setting, used }) => {
      const { tokensIn } = await askHere(({ headers, token: sent }) => {
        const tokenIn = headers['token'] === undefined ? 'body' : 'header';
        return takes.some((one) => one === tokenIn) && sent === token
          ? { ...envelope, result: record }
          : refusal(4);
      }, setting);
      expect(tokensIn.slice(0, 2)).toEqual(['header', 'body']);
      expect(new Set(tokensIn.slice(2))).toEqual(new Set([used]));
    },
  );
});

describe('a wrong use', () => {
  it.each([
    { wrong: 'without an ID', args: [], env: {}, says: /^Usage: / },
    {
      wrong: 'with a token beside the ID',
      args: ['1', 'abc'],
      env: {},
      says: /^Do not pass a token as an argument/,
    },
    {
      wrong: 'with a token as an option',
      args: ['--token=abc'],
      env: {},
      says: /^Do not pass a token as an argument/,
    },
    {
      wrong: 'with a JSON Web Token as the ID',
      args: ['eyJhbGciOi.eyJzdWIi.c2ln'],
      env: {},
      says: /^Do not pass a token as an argument/,
    },
    {
      wrong: 'with the token as the ID',
      args: [token],
      env: {},
      says: /^Do not pass a token as an argument/,
    },
    { wrong: 'without an upstream', args: ['1'], env: { UPSTREAM_URL: '' }, says: /^UPSTREAM_URL: not set/ },
    {
      wrong: 'with a wrong setting',
      args: ['1'],
      env: { UPSTREAM_TOKEN_IN: 'cookie' },
      says: /^UPSTREAM_TOKEN_IN: "cookie"/,
    },
    {
      wrong: 'with a token in quotes',
      args: ['1'],
      env: { UPSTREAM_TOKEN: `"${token}"` },
      says: /^UPSTREAM_TOKEN: its value is in quotes, .*: remove the quotes$/m,
    },
    {
      wrong: 'with certificates that cannot be read',
      args: ['1'],
      env: { NODE_EXTRA_CA_CERTS: '/nowhere/ca.pem' },
      says: /^NODE_EXTRA_CA_CERTS: "\/nowhere\/ca.pem" cannot be read: ENOENT\n$/,
    },
    {
      wrong: 'without a token and a terminal',
      args: ['1'],
      env: { UPSTREAM_TOKEN: '' },
      says: /^UPSTREAM_TOKEN: not set/,
    },
    {
      wrong: 'with a token that no header carries',
      args: ['1'],
      env: { UPSTREAM_TOKEN: 'a b' },
      says: /^The token cannot be sent/,
    },
  ])('$wrong ends with exit code 2 and says why, and nothing is asked', async ({ args, env, says }) => {
    await using upstream = await startTestUpstream(text('{}'));
    const { code, stdout, stderr } = await check(args, {
      UPSTREAM_URL: upstream.url,
      UPSTREAM_TOKEN: token,
      ...env,
    });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(says);
    expect(stderr).not.toContain(token);
    expect(upstream.received).toEqual([]);
  });
});

describe('the prompt for the token', () => {
  it.each([
    { typed: 'secrex\u007ft\r', given: 'secret' },
    { typed: 'secr\u0003', given: undefined },
  ])('takes what is typed ($typed) and shows none of it', async ({ typed, given }) => {
    const keyboard = new PassThrough();
    const screen = new PassThrough();
    const asked = askHidden('Token: ', keyboard, screen);
    keyboard.write(typed);
    expect(await asked).toBe(given);
    screen.end();
    expect(await screen.setEncoding('utf8').toArray()).toEqual(['Token: \n']);
  });
});

describe('an upstream whose answers cannot be used', () => {
  it.each([
    {
      what: 'a chunk size of 0x10',
      bytes: 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0x10\r\n',
      said: 'framing: Invalid character in chunk size',
    },
    {
      what: 'a folded header line',
      bytes: 'HTTP/1.1 200 OK\r\nx: 1\r\n  2\r\ncontent-length: 2\r\n\r\n{}',
      said: 'framing: Unexpected whitespace after header value',
    },
    {
      what: 'a charset that nobody knows',
      bytes: 'HTTP/1.1 200 OK\r\ncontent-type: text/json;charset=GBQ\r\ncontent-length: 2\r\n\r\n{}',
      said: 'charset',
    },
  ])('is told why: $what', async ({ bytes, said }) => {
    await using server = await startFaultServer(() => send(bytes));
    const { code, stdout } = await check(['1'], { UPSTREAM_URL: server.url, UPSTREAM_TOKEN: token });
    expect(code).toBe(1);
    expect(stdout).toMatch(new RegExp(`token in the header .*UPSTREAM_INVALID_RESPONSE +${said} `));
  });

  it('is read by the charset that it names, and told of a charset in the wrong header', async () => {
    const json = Buffer.from(example.replace('56039682', '1'), 'utf16le');
    await using upstream = await startTestUpstream((_received, response) =>
      response
        .writeHead(200, {
          'content-type': 'application/json;charset=utf-16',
          'content-encoding': 'UTF-8',
        })
        .end(json),
    );
    const { stdout } = await check(['1'], { UPSTREAM_URL: upstream.url, UPSTREAM_TOKEN: token });
    expect(stdout).toContain('content-encoding: no coding: the charset is taken from content-type alone');
    expect(stdout).toMatch(/token in the header +HTTP 200 +status 0 +a record/);
  });
});
