import { useEffect, useRef } from 'react';
import { textsOf } from '../cards/problem-texts.ts';
import { useSpeech } from '../i18n/language.tsx';
import type { Connection } from '../live/watch.ts';
import type { WatchedById } from '../live/watched.ts';
import { useAnnounce } from './announcer.tsx';
import { useNow } from './use-now.ts';

export interface NewsProps {
  readonly watched: WatchedById;
  readonly connection: Connection;
}

const attendeesEveryMs = 60_000;

/** Tells a screen reader what has changed: an end or a failure at once, the number of attendees once a minute. */
export function News({ watched, connection }: NewsProps) {
  const { t, number } = useSpeech();
  const announce = useAnnounce();
  const nowMs = useNow();

  const before = useRef({ watched, kind: connection.kind });
  useEffect(() => {
    const last = before.current;
    before.current = { watched, kind: connection.kind };
    const news: string[] = [];
    if (connection.kind === 'waiting' && last.kind !== 'waiting') news.push(t.said.connectionLost);
    if (connection.kind === 'live' && last.kind === 'waiting') news.push(t.said.connectionBack);
    for (const [id, now] of watched) {
      const was = last.watched.get(id);
      if (!was || was === now) continue;
      const title = now.conference?.title ?? id;
      if (now.conference?.status === 'ENDED' && was.conference?.status === 'IN_PROGRESS')
        news.push(t.said.ended(title));
      if (now.problem && now.problem.code !== was.problem?.code)
        news.push(t.said.stale(title, textsOf(t, now.problem).title));
      if (!now.problem && was.problem) news.push(t.said.fresh(title));
    }
    if (news.length > 0) announce(news.join(' '));
  }, [watched, connection.kind, announce, t]);

  const told = useRef({ atMs: nowMs, attendees: new Map<string, number>() });
  useEffect(() => {
    if (nowMs - told.current.atMs < attendeesEveryMs) return;
    const attendees = new Map(
      [...watched].flatMap(([id, { conference, problem }]) =>
        conference && !problem && conference.counters.attendees !== null
          ? [[id, conference.counters.attendees] as const]
          : [],
      ),
    );
    const moved = [...attendees].filter(([id, count]) => told.current.attendees.get(id) !== count);
    told.current = { atMs: nowMs, attendees };
    if (moved.length === 0) return;
    announce(
      moved
        .map(([id, count]) => t.said.attendees(watched.get(id)?.conference?.title ?? id, number(count)))
        .join('; '),
    );
  }, [nowMs, watched, announce, t, number]);

  return null;
}
