import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Attack, attacker } from '../door/attack.ts';
import { documents } from '../door/documents.ts';
import { inputs } from '../door/inputs.ts';
import { exchangeFrames, frame, type Heard, message } from '../support/frames.ts';
import { type GatewayProcess, startGatewayProcess } from '../support/process.ts';
import { openAcknowledged } from '../support/socket.ts';
import { record, startTestUpstream, text, type TestUpstream } from '../support/upstream.ts';

let upstream: TestUpstream;
let gateway: GatewayProcess;
beforeAll(async () => {
  upstream = await startTestUpstream((received, response) =>
    (received.token === attacker ? text('{}', 401) : record({ title: 'served', status: 2 }))(
      received,
      response,
    ),
  );
  gateway = await startGatewayProcess({ UPSTREAM_URL: upstream.url });
  // Warm up: the first attacks are slow because the code is not optimised yet.
  for (let round = 0; round < 3; round += 1) {
    for (const { bytes } of protocol.filter(({ isSlow }) => !isSlow)) await exchange(bytes());
    for (const attack of operations) await answerTo(attack);
    await askAsNeighbour();
  }
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

async function askAsNeighbour(): Promise<unknown> {
  const peer = await openAcknowledged(gateway.url, { token: 'neighbour' });
  peer.subscribe('1', '{ conference(tempConferenceId: "1") { title } }');
  const { payload } = await peer.next('next');
  peer.socket.terminate();
  return payload;
}

let exchanges = 0;
async function exchange(bytes: Buffer): Promise<Heard> {
  exchanges += 1;
  return exchangeFrames(gateway.url, bytes);
}

const init = message({ type: 'connection_init', payload: { token: attacker } });
const title = '{ conference(tempConferenceId: "1") { title } }';
const subscribe = (id: string, query = title) => message({ id, type: 'subscribe', payload: { query } });
const many = (count: number, bytes: (at: number) => Buffer) =>
  Buffer.concat([init, ...Array.from({ length: count }, (_, at) => bytes(at))]);

interface ProtocolAttack {
  readonly what: string;
  readonly bytes: () => Buffer;
  /** The code that the socket closes with. */
  readonly code: number;
  readonly isSlow?: boolean;
}

const protocol: readonly ProtocolAttack[] = [
  { what: 'silence', bytes: () => Buffer.alloc(0), code: 4408, isSlow: true },
  { what: 'pings and no connection_init', bytes: () => frame('', { opcode: 9 }), code: 4408, isSlow: true },
  { what: 'a subscribe before the connection_init', bytes: () => subscribe('1'), code: 4401 },
  { what: 'two connection_inits', bytes: () => many(1, () => init), code: 4429 },
  { what: '10,000 subscribes with one ID', bytes: () => many(10_000, () => subscribe('1')), code: 4409 },
  {
    what: '10,000 subscribes, each with its ID',
    bytes: () => many(10_000, (at) => subscribe(`${at}`, `subscription ${title}`)),
    code: 1008,
  },
  {
    what: '10,000 IDs of 100 kB',
    bytes: () => many(20, (at) => subscribe('x'.repeat(100_000) + at)),
    code: 4400,
  },
  { what: 'bad UTF-8', bytes: () => frame(Buffer.from([0x7b, 0xff, 0x7d])), code: 1007 },
  {
    what: 'bad UTF-8 in a fragment',
    bytes: () =>
      Buffer.concat([
        frame('{', { fin: false }),
        frame(Buffer.from([0xc3]), { opcode: 0, fin: false }),
        frame('}', { opcode: 0 }),
      ]),
    code: 1007,
  },
  {
    what: 'fragments without end',
    bytes: () =>
      Buffer.concat([
        frame('{', { fin: false }),
        ...Array.from({ length: 1000 }, () => frame(' '.repeat(1000), { opcode: 0, fin: false })),
      ]),
    code: 1009,
  },
  {
    what: 'empty fragments without end',
    bytes: () =>
      Buffer.concat([
        frame('', { fin: false }),
        ...Array.from({ length: 40_000 }, () => frame('', { opcode: 0, fin: false })),
      ]),
    code: 1008,
  },
  { what: 'a message of 10 MB', bytes: () => frame(Buffer.alloc(10_000_000, 0x20)), code: 1009 },
  { what: 'a message that is said to be 8 TB', bytes: () => frame('', { length: 8e12 }), code: 1009 },
  {
    what: 'pings by the thousand',
    bytes: () => many(5000, () => frame('x'.repeat(125), { opcode: 9 })),
    code: 1008,
  },
  { what: 'pongs by the thousand', bytes: () => many(5000, () => frame('', { opcode: 10 })), code: 1008 },
  {
    what: 'pings of the subprotocol by the thousand',
    bytes: () => many(5000, () => message({ type: 'ping', payload: { x: 'x'.repeat(100) } })),
    code: 1008,
  },
  { what: 'what is no JSON', bytes: () => frame('{'), code: 4400 },
  { what: 'JSON 60,000 levels deep', bytes: () => frame('['.repeat(60_000)), code: 4400 },
  { what: 'a message of no type', bytes: () => message({ id: '1' }), code: 4400 },
  {
    what: 'a message of the older subprotocol',
    bytes: () => message({ id: '1', type: 'start' }),
    code: 4400,
  },
  ...[
    { type: 'connection_ack' },
    { id: '1', type: 'next', payload: { data: null } },
    { id: '1', type: 'error', payload: [{ message: 'no' }] },
  ].map((sent) => ({
    what: `${sent.type}, which only a server sends`,
    bytes: () => many(1, () => message(sent)),
    code: 4400,
  })),
  {
    what: 'a complete for nothing',
    bytes: () => message({ id: '1', type: 'complete', payload: 1 }),
    code: 4408,
    isSlow: true,
  },
  {
    what: 'a subscribe of a number',
    bytes: () => many(1, () => message({ id: '1', type: 'subscribe', payload: { query: 7 } })),
    code: 4400,
  },
  { what: 'bytes instead of text', bytes: () => frame(Buffer.from([1, 2, 3]), { opcode: 2 }), code: 1003 },
  { what: 'frames without a mask', bytes: () => frame('{}', { masked: false }), code: 1002 },
  { what: 'an opcode that is none', bytes: () => frame('{}', { opcode: 5 }), code: 1002 },
  { what: 'reserved bits, as of compression', bytes: () => frame('{}', { reserved: 4 }), code: 1002 },
  { what: 'a ping of 200 bytes', bytes: () => frame('x'.repeat(200), { opcode: 9 }), code: 1002 },
  { what: 'HTTP', bytes: () => Buffer.from('POST /graphql HTTP/1.1\r\nhost: gateway\r\n\r\n'), code: 1002 },
];

// Without the attacks by method, media type or body, which a WebSocket does not have.
const operations = [...documents, ...inputs].filter(({ bytes }) => bytes(0).toString().startsWith('POST'));

let nonce = 0;
/** Sends an attack of the HTTP corpus over a WebSocket, each time with a new document. */
async function answerTo({ bytes }: Attack): Promise<unknown> {
  nonce += 1;
  const request = bytes(nonce).toString();
  const { query, variables } = JSON.parse(request.slice(request.indexOf('\r\n\r\n') + 4));
  const peer = await openAcknowledged(gateway.url, { token: attacker });
  peer.send({ id: '1', type: 'subscribe', payload: { query, variables } });
  const { type, payload } = await Promise.race([peer.next('next'), peer.next('error')]);
  peer.socket.terminate();
  return type === 'error' ? { errors: payload } : payload;
}

/** Tries again while it is slow: other processes on the machine delay the event loop too, but rarely each time. */
async function delayOf(attack: () => Promise<void>): Promise<number> {
  const delays: number[] = [];
  while (delays.length < 5 && !(Math.min(...delays) <= 20)) {
    await gateway.loopDelay();
    const [neighbour] = await Promise.all([askAsNeighbour(), attack()]);
    expect(neighbour).toEqual({ data: { conference: { title: 'served' } } });
    delays.push(await gateway.loopDelay());
  }
  return Math.min(...delays);
}

describe('on a WebSocket', () => {
  it.concurrent.each(protocol.filter(({ isSlow }) => isSlow))(
    '$what: closed with $code within 6 s',
    { timeout: 10_000 },
    async ({ bytes, code }) => {
      const startedAt = performance.now();
      expect((await exchange(bytes())).code).toBe(code);
      expect(performance.now() - startedAt).toBeLessThan(6500);
    },
  );

  it.each(protocol.filter(({ isSlow }) => !isSlow))(
    '$what: closed with $code, at once, and a neighbour is served',
    async ({ bytes, code }) => {
      const delay = await delayOf(async () => {
        const heard = await exchange(bytes());
        expect(heard.code).toBe(code);
        for (const { type, payload } of heard.messages)
          if (type === 'next') expect(payload).toMatchObject({ data: { conference: null } });
        expect(heard.bytes).toBeLessThan(100_000);
      });
      expect(delay).toBeLessThanOrEqual(20);
    },
  );

  it.each(operations)('$what: $code as over HTTP, at once, without a call', async (attack) => {
    const delay = await delayOf(async () => {
      const answer = JSON.stringify(await answerTo(attack));
      const codes = answer.matchAll(/"code":"([^"]*)"/g);
      expect(new Set([...codes].map(([, code]) => code))).toEqual(new Set([attack.code]));
      expect(answer.length).toBeLessThan(2048 + 512);
    });
    expect(delay).toBeLessThanOrEqual(20);
  });

  it('each attack on the protocol was logged as misuse, and none as a defect', async () => {
    const logged = (text: string) => gateway.lines.filter((line) => line.includes(text));
    await vi.waitFor(() => expect(logged('"reason":"misuse"')).toHaveLength(exchanges));
    expect(logged('"event":"defect"')).toEqual([]);
  });
});
