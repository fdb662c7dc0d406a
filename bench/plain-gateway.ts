// A process of its own: the same fields as one would serve them plainly, with good libraries and nothing for a bad day.
import { createServer } from 'node:http';
import DataLoader from 'dataloader';
import { createSchema, createYoga, type YogaInitialContext } from 'graphql-yoga';
import { request } from 'undici';

interface ConferenceRecord {
  readonly tempConferenceId: string;
  readonly title: string;
  readonly status: number;
  readonly startTime: number;
  readonly confDuration: number;
  readonly hostName: string;
  readonly attendeeCnt: number;
  readonly voipCnt: number;
}

interface Context extends YogaInitialContext {
  readonly conferences: DataLoader<string, ConferenceRecord>;
}

const url = `${process.env['UPSTREAM_URL']}/confopenapi/admin/dashboard/conference/info`;
const timeoutMs = Number(process.env['UPSTREAM_TIMEOUT_MS'] ?? 5000);

async function call(token: string, tempConferenceId: string): Promise<ConferenceRecord> {
  const { statusCode, body } = await request(url, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json', token },
    body: JSON.stringify({ tempConferenceId }),
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (statusCode !== 200) {
    await body.dump();
    throw new Error(`The upstream answered ${statusCode}`);
  }
  const envelope = JSON.parse(await body.text());
  if (envelope.status !== 0) throw new Error(envelope.msg);
  return envelope.result;
}

async function callOrRetry(token: string, id: string): Promise<ConferenceRecord> {
  try {
    return await call(token, id);
  } catch {
    return await call(token, id);
  }
}

const settle = (call: Promise<ConferenceRecord>) => call.catch((error: Error) => error);

const schema = createSchema<Context>({
  typeDefs: /* GraphQL */ `
    type Query {
      conference(tempConferenceId: ID!): Conference
    }
    type Conference {
      tempConferenceId: ID!
      title: String
      status: ConferenceStatus!
      startTime: String
      durationSeconds: Int
      host: ConferenceHost!
      counters: ConferenceCounters!
    }
    enum ConferenceStatus {
      IN_PROGRESS
      ENDED
      UNKNOWN
    }
    type ConferenceHost {
      name: String
    }
    type ConferenceCounters {
      attendees: Int
      voipConnections: Int
    }
  `,
  resolvers: {
    Query: {
      conference: (_root, { tempConferenceId }, { conferences }) => conferences.load(tempConferenceId),
    },
    Conference: {
      status: ({ status }: ConferenceRecord) => ({ 2: 'IN_PROGRESS', 4: 'ENDED' })[status] ?? 'UNKNOWN',
      startTime: ({ startTime }: ConferenceRecord) => new Date(startTime * 1000).toISOString(),
      durationSeconds: ({ confDuration }: ConferenceRecord) => confDuration,
      host: ({ hostName }: ConferenceRecord) => ({ name: hostName }),
      counters: ({ attendeeCnt, voipCnt }: ConferenceRecord) => ({
        attendees: attendeeCnt,
        voipConnections: voipCnt,
      }),
    },
  },
});

const yoga = createYoga({
  schema,
  logging: false,
  landingPage: false,
  context: ({ request: asked }: YogaInitialContext) => ({
    conferences: new DataLoader((ids: readonly string[]) =>
      Promise.all(ids.map((id) => settle(callOrRetry(asked.headers.get('token') ?? '', id)))),
    ),
  }),
});

createServer(yoga).listen(Number(process.env['PORT']), '127.0.0.1');
