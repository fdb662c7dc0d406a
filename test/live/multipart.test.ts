import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type LiveScene, startLiveScene } from '../support/live-scene.ts';

let scene: LiveScene;
beforeEach(async () => {
  scene = await startLiveScene();
});
afterEach(() => scene[Symbol.asyncDispose]());

const subscription = 'subscription { conference(tempConferenceId: "1") { title status } }';

async function open(accept: string) {
  const response = await fetch(scene.gateway.url, {
    method: 'POST',
    headers: { accept, 'content-type': 'application/json', token: 'anna' },
    body: JSON.stringify({ query: subscription }),
  });
  let text = '';
  const reading = (async () => {
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) text += chunk;
  })();
  return {
    response,
    end: () => reading,
    /** The parts that are whole, by the rules of MIME: each ends where the next boundary begins. */
    parts: () =>
      text
        .split('\r\n--graphql')
        .slice(1, -1)
        .map((part) => part.replace('\r\ncontent-type: application/json\r\n\r\n', ''))
        .map((json): unknown => JSON.parse(json)),
    isClosed: () => text.endsWith('\r\n--graphql--\r\n'),
  };
}

describe('a client that accepts multipart/mixed; subscriptionSpec=1.0', () => {
  it('gets payloads, heartbeats and the closing boundary', async () => {
    const stream = await open('multipart/mixed;boundary="graphql";subscriptionSpec=1.0, application/json');
    expect(stream.response.headers.get('content-type')).toBe(
      'multipart/mixed; boundary="graphql"; subscriptionSpec="1.0"',
    );
    const first = { payload: { data: { conference: { title: 'Conference 1', status: 'IN_PROGRESS' } } } };
    await vi.waitFor(() => expect(stream.parts()).toEqual([first]));
    for (let second = 0; second < 12; second += 1) {
      scene.clock.advance(1000);
      await scene.settle();
    }
    await vi.waitFor(() => expect(stream.parts()).toEqual([first, {}]));
    scene.set('1', { title: 'x', status: 4 });
    await scene.poll();
    await scene.poll();
    await stream.end();
    expect(stream.parts().slice(2)).toEqual([
      { payload: { data: { conference: { title: 'x', status: 'ENDED' } } } },
    ]);
    expect(stream.isClosed()).toBe(true);
  });

  it('gets STREAM_ENDED when the stream is interrupted', async () => {
    const stream = await open('multipart/mixed;subscriptionSpec=1.0');
    await vi.waitFor(() => expect(stream.parts()).toHaveLength(1));
    const closed = scene.gateway.close();
    scene.clock.advance(1);
    await stream.end();
    await closed;
    expect(stream.parts().at(-1)).toEqual({
      payload: null,
      errors: [{ message: expect.any(String), extensions: { code: 'STREAM_ENDED', retryable: true } }],
    });
    expect(stream.isClosed()).toBe(true);
  });
});

describe('a subscription whose Accept allows no stream', () => {
  it('is refused with 406', async () => {
    const reply = await scene.gateway.ask(subscription, { headers: { accept: 'application/json' } });
    expect(reply.status).toBe(406);
    expect(reply.errors).toMatchObject([{ extensions: { code: 'BAD_REQUEST' } }]);
    expect(scene.upstream.received).toEqual([]);
  });
});

describe('a query that is answered as a stream', () => {
  it.each(['text/event-stream', 'multipart/mixed'])(
    'of %s is sent in one piece, so that a client that does not read is closed like any other',
    async (accept) => {
      const response = await fetch(scene.gateway.url, {
        method: 'POST',
        headers: { accept, 'content-type': 'application/json', token: 'anna' },
        body: JSON.stringify({ query: '{ conference(tempConferenceId: "1") { title } }' }),
      });
      const body = await response.text();
      expect(response.headers.get('content-type')).toContain(accept);
      expect(Number(response.headers.get('content-length'))).toBe(body.length);
      expect(body).toContain('Conference 1');
    },
  );
});

describe('a subscription over GET', () => {
  it('is an event stream', async () => {
    scene.set('1', { title: 'x', status: 2 });
    const url = new URL(scene.gateway.url);
    url.searchParams.set('query', subscription);
    const leaving = new AbortController();
    const response = await fetch(url, {
      headers: { accept: 'text/event-stream', token: 'anna' },
      signal: leaving.signal,
    });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect(await reader?.read()).toEqual({
      done: false,
      value: 'event: next\ndata: {"data":{"conference":{"title":"x","status":"IN_PROGRESS"}}}\n\n',
    });
    leaving.abort();
  });
});
