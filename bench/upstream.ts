// A process of its own, started by children.ts: the contract's endpoint, with so many slots and a fixed time in each.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';

/** How the upstream behaves from now on. */
export interface Behaviour {
  /** Requests worked on at once; others wait in line, in order. */
  readonly slots: number;
  /** Time in a slot. */
  readonly workMs: number;
  /** The share of calls, from 0 to 1, that fail as `fault` says. */
  readonly faultShare: number;
  /** `503` and `429` are answers (the 429 says `Retry-After: 0`), `reset` cuts the connection, `stall` says nothing. */
  readonly fault: '503' | '429' | 'reset' | 'stall';
}

export type Order =
  | { readonly order: 'behave'; readonly behaviour: Behaviour }
  | { readonly order: 'report' };

/** The moments, in milliseconds since 1970, at which calls came in since the last report. */
export type Report = readonly number[];

interface Waiting {
  readonly id: string;
  /** A token is looked up in a slot like everything else. */
  readonly status: 200 | 401;
  readonly response: ServerResponse;
}

const path = '/confopenapi/admin/dashboard/conference/info';
let behaviour: Behaviour = { slots: 6, workMs: 40, faultShare: 0, fault: '503' };
let calls: number[] = [];
let owed = 0;
let working = 0;
let line: Waiting[] = [];

const server = createServer({ keepAliveTimeout: 75_000 }, async (request, response) => {
  if (request.method !== 'POST' || request.url !== path) return response.writeHead(404).end();
  calls.push(performance.timeOrigin + performance.now());
  const id = await readId(request);
  if (isDueToFail()) return fail(response);
  // Some conferences and tokens are out of order, whatever the behaviour: their names say so.
  if (id.startsWith('hanging')) return;
  if (id.startsWith('failing')) return void response.writeHead(500).end();
  line.push({ id, status: String(request.headers['token']).startsWith('made-up') ? 401 : 200, response });
  work();
});

/** Fails evenly, every tenth of a tenth, so that two runs differ by nothing. */
function isDueToFail(): boolean {
  owed += behaviour.faultShare;
  if (owed < 1) return false;
  owed -= 1;
  return true;
}

function fail(response: ServerResponse): void {
  if (behaviour.fault === 'stall') return;
  if (behaviour.fault === 'reset') return response.socket?.resetAndDestroy() && undefined;
  const status = Number(behaviour.fault);
  response.writeHead(status, status === 429 ? { 'retry-after': '0' } : {}).end();
}

function work(): void {
  while (working < behaviour.slots) {
    const next = line.shift();
    if (next === undefined) return;
    // Kinder than a pool of threads, which would work for those who have hung up.
    if (next.response.destroyed) continue;
    working += 1;
    setTimeout(() => {
      working -= 1;
      if (next.status === 401) next.response.writeHead(401).end();
      else next.response.writeHead(200, { 'content-type': 'application/json' }).end(answer(next.id));
      work();
    }, behaviour.workMs);
  }
}

async function readId(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return JSON.parse(text).tempConferenceId;
}

function answer(tempConferenceId: string): string {
  return JSON.stringify({
    status: 0,
    result: {
      ...example,
      tempConferenceId,
      // Somebody comes or goes all the time, where the name says so.
      ...(tempConferenceId.startsWith('moving') && { attendeeCnt: calls.length }),
    },
    msg: 'success',
    request_id: 'rtsas-172371014-1774514768.581757447.258',
    timestamp: Date.now(),
    request_duration: `${behaviour.workMs}.0ms`,
  });
}

const example = {
  eventId: 1165158,
  title: '产品发布会',
  billingCode: '990001_239848688',
  customerCode: '990001',
  pcode2: '123456',
  hostId: 10001,
  hostName: '张三',
  hostEmail: 'zhangsan@example.com',
  hostMobile: '13800000000',
  hostOrgId: 2001,
  hostIp: '10.0.0.1',
  hostLocation: '上海',
  startTime: 1715600000,
  stopTime: 0,
  confDuration: 3600,
  isSecureConf: false,
  isRecord: true,
  dataCenter: '阿里云',
  status: 2,
  attendeeCnt: 15,
  voipCnt: 10,
  pstnCnt: 2,
  videoCnt: 8,
  desktopCnt: 3,
  mcuCnt: 0,
  boxCnt: 0,
  rawAttendeeCnt: 15,
  rawPstnCnt: 2,
};

process.on('message', (message: Order) => {
  if (message.order === 'report') {
    process.send?.(calls satisfies Report);
    calls = [];
    return;
  }
  behaviour = message.behaviour;
  owed = 0;
  process.send?.('done');
  work();
});

// A bench that is stopped half-way must leave nothing behind.
process.on('disconnect', () => process.exit());

server.listen(0, '127.0.0.1');
await once(server, 'listening');
process.send?.(server.address());
