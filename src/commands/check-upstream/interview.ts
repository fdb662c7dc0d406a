import { Answer } from '../../upstream/answer/answer.ts';
import { type Asked, type Came, cameAs, type Question } from './ask.ts';
import type { FieldFinding } from './findings.ts';
import { judgeCoding, judgeEnvelope, judgeRecord } from './judge.ts';
import { type Made, makeFields, schemaFields } from './schema-fields.ts';

/** What one question was for. */
export type Purpose = 'token-in-header' | 'token-in-body' | 'unknown-id' | 'wrong-token' | 'again';

/** One question of the interview with its answer, and whether the answer is the expected one. */
export interface Exchange {
  readonly purpose: Purpose;
  readonly asked: Asked;
  readonly isAsExpected: boolean;
}

/** Everything that the interview found out about an upstream. */
export interface Interview {
  readonly exchanges: readonly Exchange[];
  /** The record with its envelope, and the schema's value for each field, by the field's path. */
  readonly record: RecordSeen | undefined;
  /** Each finding once, even if several answers show it. */
  readonly findings: readonly FieldFinding[];
  /** Duration of each timed call for the record. */
  readonly durationsMs: readonly number[];
}

export interface RecordSeen {
  readonly envelope: Came;
  readonly record: Came;
  readonly made: ReadonlyMap<string, Made>;
}

export interface InterviewOptions {
  readonly id: string;
  readonly token: string;
  /** `UPSTREAM_TOKEN_IN`. The further questions send the token this way, unless only the other way works. */
  readonly tokenIn: 'header' | 'body';
  readonly ask: (question: Question) => Promise<Asked>;
}

/** A token and an ID that no real system has. The simulator refuses the one and does not know the other. */
const wrongToken = 'rejected-token';
const unknownId = '0';
const timedCalls = 5;

/** Asks one question after the other: one for each purpose, and a few more to measure durations. */
export async function interview({ id, token, tokenIn, ask }: InterviewOptions): Promise<Interview> {
  const ways = {
    header: await ask({ id, token, tokenIn: 'header' }),
    body: await ask({ id, token, tokenIn: 'body' }),
  };
  const other = tokenIn === 'header' ? 'body' : 'header';
  const way = !isTaken(ways[tokenIn]) && isTaken(ways[other]) ? other : tokenIn;
  const ofUnknownId = await ask({ id: unknownId, token, tokenIn: way });
  const ofWrongToken = await ask({ id, token: wrongToken, tokenIn: way });
  const timed: Asked[] = [];
  for (let call = 0; call < timedCalls && isTaken(ways[way]); call += 1)
    timed.push(await ask({ id, token, tokenIn: way }));

  const exchanges: Exchange[] = [
    { purpose: 'token-in-header', asked: ways.header, isAsExpected: isTaken(ways.header) },
    { purpose: 'token-in-body', asked: ways.body, isAsExpected: isTaken(ways.body) },
    { purpose: 'unknown-id', asked: ofUnknownId, isAsExpected: isNoRecord(ofUnknownId) },
    { purpose: 'wrong-token', asked: ofWrongToken, isAsExpected: isRefused(ofWrongToken) },
    ...timed.map((asked): Exchange => ({ purpose: 'again', asked, isAsExpected: isTaken(asked) })),
  ];
  const record = await seeRecord(id, [ways[way], ways[other]]);
  return {
    exchanges,
    record,
    findings: distinct([
      ...(record ? judgeRecord(record.record, id, record.envelope.plain['timestamp']) : []),
      ...exchanges.flatMap(({ asked }) => (asked.envelope ? judgeEnvelope(asked.envelope) : [])),
      ...exchanges.flatMap(({ asked }) => judgeCoding(asked.drift)),
      ...(record ? unreadable(record.made) : []),
    ]),
    durationsMs: timed.filter(isTaken).map(({ durationMs }) => durationMs),
  };
}

async function seeRecord(id: string, candidates: readonly Asked[]): Promise<RecordSeen | undefined> {
  for (const { envelope, outcome } of candidates) {
    const record = envelope && cameAs(envelope.plain['result'], envelope.exact['result']);
    if (!record) continue;
    const answered = ('answered' in outcome && outcome.answered) || {};
    const { timestamp } = envelope.exact;
    // A record with another ID is examined too: the gateway would refuse it, but its fields are still worth a report.
    const answer = new Answer(id, record.exact, timestamp, answered);
    return { envelope, record, made: await makeFields(id, answer) };
  }
  return undefined;
}

function unreadable(made: ReadonlyMap<string, Made>): FieldFinding[] {
  return schemaFields.flatMap(({ path, upstream }) => {
    const one = made.get(path);
    return one && 'code' in one ? [{ field: upstream, finding: { kind: 'unreadable' } }] : [];
  });
}

// One finding of a kind is enough for a field, and any other finding already explains why a field is unreadable.
function distinct(findings: readonly FieldFinding[]): FieldFinding[] {
  return findings.filter(
    ({ field, finding }, at) =>
      !findings.some(
        (earlier, earlierAt) =>
          earlierAt < at &&
          earlier.field === field &&
          (earlier.finding.kind === finding.kind || finding.kind === 'unreadable'),
      ),
  );
}

// A record with another ID counts as taken: the finding about its ID field reports the mistake.
function isTaken({ outcome }: Asked): boolean {
  if (outcome.kind === 'invalid-response') return outcome.reason === 'other-record';
  return outcome.kind === 'answer' && outcome.record !== null;
}

function isNoRecord({ outcome }: Asked): boolean {
  if (outcome.kind === 'answer') return outcome.record === null;
  return outcome.kind === 'rejected' || outcome.kind === 'not-found' || outcome.kind === 'forbidden';
}

const isRefused = ({ outcome: { kind } }: Asked) =>
  kind === 'rejected' || kind === 'unauthenticated' || kind === 'forbidden';
