import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { startTestUpstream, text } from '../support/upstream.ts';
import { ask } from './ask.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

const query = 'query ($id: ID!) { conference(tempConferenceId: $id) { title startTime } }';

describe('plain fetch, by the lines of docs/frontends.md,', () => {
  it('asks', async () => {
    const answer = await ask(gateway.url.href, { query, variables: { id: '56039682' }, token: 'anna' });
    expect(answer).toEqual({
      data: { conference: { title: '产品发布会', startTime: '2024-05-13T11:33:20Z' } },
    });
  });

  it.each([
    { id: '56039704', token: 'anna', extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: true } },
    { id: '56039682', token: 'expired-token', extensions: { code: 'UNAUTHENTICATED' } },
  ])('gets $extensions.code with what it is told of it', async ({ id, token, extensions }) => {
    const { data, errors } = await ask(gateway.url.href, { query, variables: { id }, token });
    expect(data).toEqual({ conference: null });
    expect(errors).toMatchObject([{ path: ['conference'], extensions }]);
  });

  it('gets the rest beside the error of one field', async () => {
    const answer = await ask(gateway.url.href, { query, variables: { id: '56039707' }, token: 'anna' });
    expect(answer.data).toEqual({ conference: { title: expect.any(String), startTime: null } });
    expect(answer.errors).toMatchObject([
      { path: ['conference', 'startTime'], extensions: { code: 'UPSTREAM_INVALID_FIELD' } },
    ]);
  });

  it.each(['<html>', '{"message":"bad gateway"}'])('throws at %s, which a proxy may answer', async (body) => {
    await using proxy = await startTestUpstream(text(body, 502));
    await expect(ask(proxy.url, { query, token: 'anna' })).rejects.toThrow();
  });
});
