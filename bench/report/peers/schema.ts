import { Pool } from 'undici';
import { upstreamOrigin, upstreamPath } from './settings.ts';

/** What the peers serve: the fields that the report asks for, as the documentation of each shows resolvers. */
export const typeDefs = /* GraphQL */ `
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
`;

export interface PeerContext {
  readonly token: string;
}

interface ConferenceRecord {
  readonly status: number;
  readonly startTime: number;
  readonly confDuration: number;
  readonly hostName: string;
  readonly attendeeCnt: number;
  readonly voipCnt: number;
}

const statuses: Readonly<Record<number, string>> = { 2: 'IN_PROGRESS', 4: 'ENDED' };
const pool = new Pool(upstreamOrigin, { connections: 256, pipelining: 1 });

async function loadConference(tempConferenceId: string, { token }: PeerContext): Promise<ConferenceRecord> {
  const { statusCode, body } = await pool.request({
    method: 'POST',
    path: upstreamPath,
    headers: { accept: 'application/json', 'content-type': 'application/json', token },
    body: JSON.stringify({ tempConferenceId }),
  });
  if (statusCode !== 200) throw new Error(`The upstream answered ${statusCode}`);
  const envelope = JSON.parse(await body.text());
  if (envelope.status !== 0) throw new Error(envelope.msg);
  return envelope.result;
}

export const resolvers = {
  Query: {
    conference: (
      _root: unknown,
      { tempConferenceId }: { readonly tempConferenceId: string },
      context: PeerContext,
    ) => loadConference(tempConferenceId, context),
  },
  Conference: {
    status: ({ status }: ConferenceRecord) => statuses[status] ?? 'UNKNOWN',
    startTime: ({ startTime }: ConferenceRecord) =>
      new Date(startTime * 1000).toISOString().replace('.000Z', 'Z'),
    durationSeconds: ({ confDuration }: ConferenceRecord) => confDuration,
    host: ({ hostName }: ConferenceRecord) => ({ name: hostName }),
    counters: ({ attendeeCnt, voipCnt }: ConferenceRecord) => ({
      attendees: attendeeCnt,
      voipConnections: voipCnt,
    }),
  },
};

/** Node joins a header that came twice; no caller of the report sends one twice. */
export const tokenOf = (header: string | readonly string[] | undefined): string => String(header ?? '');
