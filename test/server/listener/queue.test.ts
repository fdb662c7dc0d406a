import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { Connection, type Shared } from '../../../src/server/listener/connection.ts';
import type { Front } from '../../../src/server/listener/front.ts';

/** A connection in a process where this many requests are queued, and a front that answers nothing. */
function open(queued: number) {
  const started: ServerResponse[] = [];
  const front: Front = (_request, response) => {
    started.push(response);
    return undefined;
  };
  const shared: Shared = { front, queued, draining: false, closing: false };
  const socket = new Socket();
  const connection = new Connection(socket, shared);
  return {
    socket,
    shared,
    started,
    take: (requests: number) => {
      for (let nth = 0; nth < requests; nth += 1)
        connection.take(new ServerResponse(new IncomingMessage(socket)));
    },
  };
}

it('in a process with 4,095 queued requests, a connection may queue one more behind its 16, and is destroyed at the next', () => {
  const { socket, shared, started, take } = open(4095);
  take(17);
  expect({ started: started.length, queued: shared.queued, destroyed: socket.destroyed }).toEqual({
    started: 16,
    queued: 4096,
    destroyed: false,
  });
  take(1);
  expect({ queued: shared.queued, destroyed: socket.destroyed }).toEqual({ queued: 4096, destroyed: true });
});

it('in a process with 4,096 queued requests, a connection still starts 16', () => {
  const { socket, started, take } = open(4096);
  take(16);
  expect({ started: started.length, destroyed: socket.destroyed }).toEqual({ started: 16, destroyed: false });
});
