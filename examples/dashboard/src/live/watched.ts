import type { WatchConferencesSubscription } from '../generated/graphql.ts';
import { type GatewayError, isFinal, type Problem, problemOf } from '../gateway/problem.ts';
import { type History, withPoint } from './history.ts';

export type Conference = NonNullable<WatchConferencesSubscription['conferences'][number]>;

/** What is known of one conference on the list. */
export interface Watched {
  /** The last values, which stay while there are no newer ones. */
  readonly conference: Conference | undefined;
  /** When they came, by this machine's clock. */
  readonly receivedAtMs: number;
  /** Why there are no newer ones. */
  readonly problem: Problem | undefined;
  /** Fields that the upstream sent in a form that the gateway cannot read. */
  readonly unreadable: readonly string[];
  readonly history: History;
}

export type WatchedById = ReadonlyMap<string, Watched>;

/** One event of the stream. */
export interface Event {
  readonly conferences: readonly (Conference | null)[] | undefined;
  readonly errors: readonly GatewayError[];
}

const nothing: Watched = {
  conference: undefined,
  receivedAtMs: 0,
  problem: undefined,
  unreadable: [],
  history: [],
};

const noRecord: Problem = { code: 'NO_RECORD', message: '' };

/** @param ids in the order in which the stream was asked for them. */
export function withEvent(
  before: WatchedById,
  { conferences, errors }: Event,
  { ids, nowMs }: { readonly ids: readonly string[]; readonly nowMs: number },
): WatchedById {
  if (!conferences) return before;
  const after = new Map(before);
  for (const [place, id] of ids.entries()) {
    const here = errors.filter(({ path }) => path?.[0] === 'conferences' && path[1] === place);
    const known = before.get(id) ?? nothing;
    const conference = conferences[place];
    after.set(
      id,
      conference
        ? withConference(known, conference, here, nowMs)
        : withProblem(known, here[0] ? problemOf(here[0]) : noRecord, nowMs),
    );
  }
  return after;
}

function withConference(
  known: Watched,
  conference: Conference,
  errors: readonly GatewayError[],
  nowMs: number,
): Watched {
  const isAnother = known.conference && known.conference.startTime !== conference.startTime;
  const history = isAnother ? [] : known.history;
  return {
    conference,
    receivedAtMs: nowMs,
    problem: undefined,
    unreadable: errors.flatMap(({ path }) => path?.slice(2).join('.') ?? []),
    history: withPoint(history, { atMs: nowMs, attendees: conference.counters.attendees }),
  };
}

function withProblem(known: Watched, problem: Problem, nowMs: number): Watched {
  if (isFinal(problem)) return { ...nothing, problem };
  return { ...known, problem, history: withPoint(known.history, { atMs: nowMs, attendees: null }) };
}

/** From now on nobody looks: the history has a gap until the next event. */
export function withGap(before: WatchedById, nowMs: number): WatchedById {
  return new Map(
    [...before].map(([id, known]) => [
      id,
      known.conference?.status === 'ENDED'
        ? known
        : { ...known, history: withPoint(known.history, { atMs: nowMs, attendees: null }) },
    ]),
  );
}

/** Forgets what is no longer on the list. */
export function withOnly(before: WatchedById, ids: readonly string[]): WatchedById {
  return new Map([...before].filter(([id]) => ids.includes(id)));
}
