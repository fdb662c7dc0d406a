import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LiveScene, startLiveScene } from '../support/live-scene.ts';
import { openAcknowledged, type Peer } from '../support/socket.ts';

const query = '{ conference(tempConferenceId: "1") { title } }';
const live = `subscription ${query}`;
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

let folder: string;
let scene: LiveScene;
let peer: Peer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'documents-'));
  const file = join(folder, 'documents.json');
  writeFileSync(file, JSON.stringify({ title: query, live }));
  scene = await startLiveScene({ TRUSTED_DOCUMENTS: file });
  peer = await openAcknowledged(scene.gateway.url, { token: 'anna' });
});
afterAll(async () => {
  peer.socket.terminate();
  await scene[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

const send = (id: string, payload: unknown) =>
  peer.socket.send(JSON.stringify({ id, type: 'subscribe', payload }));

describe('a trusted document over a WebSocket', () => {
  it.each([
    { by: 'its documentId', payload: { documentId: `sha256:${sha256(query)}` } },
    { by: "the manifest's own hash", payload: { documentId: 'title' } },
    {
      by: "Apollo's hash",
      payload: { extensions: { persistedQuery: { version: 1, sha256Hash: sha256(query) } } },
    },
    { by: 'its documentId, as a subscription', payload: { documentId: 'live' } },
  ])('is executed by $by', async ({ by, payload }) => {
    send(by, payload);
    const { payload: answer } = await peer.next('next', by);
    expect(answer).toEqual({ data: { conference: { title: 'Conference 1' } } });
  });

  it('is required: any other document is refused with the same code as over HTTP', async () => {
    send('other', { query });
    expect((await peer.next('error', 'other')).payload).toMatchObject([
      { extensions: { code: 'DOCUMENT_NOT_TRUSTED' } },
    ]);
  });
});
