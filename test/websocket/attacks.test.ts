import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type LiveScene, startLiveScene } from '../support/live-scene.ts';
import { openAcknowledged, openPeer, type Peer } from '../support/socket.ts';

let scene: LiveScene;
let raw: Socket;
beforeEach(async () => {
  scene = await startLiveScene();
});
afterEach(() => scene[Symbol.asyncDispose]());

/** The raw connection as well, for frames that the library would not write. */
const options = () => ({
  createConnection: () => {
    const { hostname, port } = scene.gateway.url;
    raw = connect({ host: hostname, port: Number(port) });
    return raw;
  },
});

const acknowledged = () => openAcknowledged(scene.gateway.url, { token: 'mallory' }, options());

const text = 1;
const binary = 2;
const continuation = 0;
const ping = 9;

interface FrameParts {
  readonly isLast?: boolean;
  readonly isMasked?: boolean;
  readonly isCompressed?: boolean;
}

/** One frame of a client, masked by zeros. */
function frame(opcode: number, payload: Buffer, parts: FrameParts = {}): Buffer {
  const { isLast = true, isMasked = true, isCompressed = false } = parts;
  const mask = isMasked ? 0x80 : 0;
  const { length } = payload;
  const first = (isLast ? 0x80 : 0) | (isCompressed ? 0x40 : 0) | opcode;
  const head =
    length < 126
      ? Buffer.from([first, mask | length])
      : Buffer.from([first, mask | 126, length >> 8, length & 0xff]);
  return Buffer.concat([head, ...(isMasked ? [Buffer.alloc(4)] : []), payload]);
}

const subscribe = (id: string) =>
  JSON.stringify({
    id,
    type: 'subscribe',
    payload: { query: 'subscription { conference(tempConferenceId: "1") { title } }' },
  });

const attacks: { what: string; code: number; attack: (peer: Peer) => void }[] = [
  { what: 'a second init', code: 4429, attack: (peer) => peer.send({ type: 'connection_init' }) },
  {
    what: '10,000 subscribes with one ID',
    code: 4409,
    attack(peer) {
      for (let at = 0; at < 10_000; at += 1) peer.send(subscribe('same'));
    },
  },
  { what: 'what is no JSON', code: 4400, attack: (peer) => peer.send('{') },
  { what: 'a message of no type', code: 4400, attack: (peer) => peer.send({ type: 'start', id: '1' }) },
  { what: 'an ID of 1,000 characters', code: 4400, attack: (peer) => peer.send(subscribe('x'.repeat(1000))) },
  { what: 'bytes that are no text', code: 1003, attack: () => raw.write(frame(binary, Buffer.alloc(10))) },
  { what: 'bad UTF-8', code: 1007, attack: () => raw.write(frame(text, Buffer.from([0xff, 0xfe]))) },
  {
    what: 'a message of 10 MB',
    code: 1009,
    attack: (peer) => peer.send(`"${'x'.repeat(10_000_000)}"`),
  },
  {
    what: 'a frame that only says that it is huge',
    code: 1009,
    attack: () => raw.write(Buffer.from([0x81, 0xff, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0])),
  },
  {
    what: 'fragments without end',
    code: 1009,
    attack() {
      raw.write(frame(text, Buffer.from('"'), { isLast: false }));
      const more = frame(continuation, Buffer.alloc(60_000, 'x'), { isLast: false });
      for (let at = 0; at < 4; at += 1) raw.write(more);
    },
  },
  {
    what: 'a frame without a mask',
    code: 1002,
    attack: () => raw.write(frame(text, Buffer.from('{}'), { isMasked: false })),
  },
  {
    what: 'a compressed frame',
    code: 1002,
    attack: () => raw.write(frame(text, Buffer.from('{}'), { isCompressed: true })),
  },
  { what: 'a frame of no kind', code: 1002, attack: () => raw.write(frame(7, Buffer.alloc(1))) },
  {
    what: 'pings by the thousand',
    code: 1008,
    attack: () => raw.write(Buffer.concat(Array.from({ length: 1000 }, () => frame(ping, Buffer.alloc(0))))),
  },
];

describe('a WebSocket that sends', () => {
  it.each(attacks)('$what is closed with $code, and a neighbour is served', async ({ attack, code }) => {
    const peer = await acknowledged();
    peer.socket.on('error', () => undefined);
    attack(peer);
    const [closed, neighbour] = await Promise.all([
      peer.closed,
      scene.gateway.ask('{ conference(tempConferenceId: "1") { title } }'),
    ]);
    expect(closed).toBe(code);
    expect(neighbour.data).toEqual({ conference: { title: 'Conference 1' } });
    await vi.waitFor(() =>
      expect(scene.gateway.events).toContainEqual(
        expect.objectContaining({ event: 'socketClosed', reason: 'misuse' }),
      ),
    );
    expect(scene.gateway.events.filter(({ event }) => event === 'defect')).toEqual([]);
  });

  it('a subscribe before its init is closed with 4401', async () => {
    const peer = await openPeer(scene.gateway.url);
    peer.send(subscribe('1'));
    expect(await peer.closed).toBe(4401);
    expect(scene.upstream.received).toEqual([]);
  });

  it('no init is closed with 4408', { timeout: 10_000 }, async () => {
    const peer = await openPeer(scene.gateway.url);
    expect(await peer.closed).toBe(4408);
  });

  it('empty fragments without end is closed after 10 s', async () => {
    const peer = await acknowledged();
    raw.write(frame(text, Buffer.alloc(0), { isLast: false }));
    raw.write(frame(ping, Buffer.from('seen')));
    await once(peer.socket, 'pong');
    for (let second = 0; second < 16; second += 1) {
      raw.write(frame(continuation, Buffer.alloc(0), { isLast: false }));
      scene.clock.advance(1000);
    }
    expect(await peer.closed).toBe(1008);
  });

  it('101 operations at once has the last refused, and the others go on', async () => {
    const peer = await acknowledged();
    for (let at = 0; at <= 100; at += 1) peer.send(subscribe(String(at)));
    expect((await peer.next('error')).payload).toMatchObject([{ extensions: { code: 'OVERLOADED' } }]);
    for (const id of ['0', '99']) await peer.next('next', id);
    peer.socket.terminate();
  });

  it('no pong is cut', async () => {
    const peer = await openAcknowledged(scene.gateway.url, { token: 'anna' }, { autoPong: false });
    for (let second = 0; second < 40; second += 1) scene.clock.advance(1000);
    expect(await peer.closed).toBe(1006);
    await vi.waitFor(() =>
      expect(scene.gateway.events.at(-1)).toMatchObject({ event: 'socketClosed', reason: 'client_left' }),
    );
  });
});
