import { describe, expect, it } from 'vitest';
import { startFaultServer } from '../support/fault-server.ts';
import { envelopeFor, http, send, well } from '../support/faults.ts';
import { openUpstream, titleOf } from '../support/open-upstream.ts';

describe('an answer that cannot be used', () => {
  it.each([
    { what: 'another record', body: envelopeFor({ id: 'other', token: 'x' }) },
    { what: 'not JSON', body: '<html>' },
    { what: 'not an envelope', body: '[]' },
    { what: 'a redirect', body: '{}', status: 302 },
  ])('closes its connection, because more bytes may follow: $what', async ({ body, status = 200 }) => {
    await using server = await startFaultServer(({ nth }) =>
      nth === 1 ? send(http(body, { status })) : well,
    );
    await using way = openUpstream(server.url);
    expect(titleOf(await way.call())).toBe('invalid-response');
    expect(titleOf(await way.call())).toBe('token-1');
    expect(titleOf(await way.call())).toBe('token-1');
    expect(server.asked.map(({ nthOnConnection }) => nthOnConnection)).toEqual([1, 1, 2]);
  });
});
