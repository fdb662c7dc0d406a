import type { ReactNode } from 'react';
import { useSpeech } from '../i18n/language.tsx';
import type { Connection } from '../live/watch.ts';
import type { Conference, Watched } from '../live/watched.ts';
import { Attendance } from './attendance.tsx';
import { Badges, StatusBadge } from './badges.tsx';
import { Counters } from './counters.tsx';
import { Freshness } from './freshness.tsx';
import { Host } from './host.tsx';
import { Password } from './password.tsx';
import { PlaceHolder } from './place-holder.tsx';
import { Times } from './times.tsx';

export interface CardProps {
  readonly id: string;
  /** Undefined before the first event. */
  readonly watched: Watched | undefined;
  readonly connection: Connection;
  readonly controls: ReactNode;
  readonly onAgain: () => void;
}

/** One conference. */
export function Card({ id, watched, connection, controls, onAgain }: CardProps) {
  if (!watched?.conference) {
    return (
      <PlaceHolder
        id={id}
        problem={watched?.problem}
        isHeldUp={connection.kind === 'refused'}
        controls={controls}
        onAgain={onAgain}
      />
    );
  }
  const { conference } = watched;
  const isEnded = conference.status === 'ENDED';
  // What has ended does not change, whoever can be reached.
  const isStale = watched.problem !== undefined || (isCut(connection) && !isEnded);
  return (
    <article className={`card ${isStale ? 'is-stale' : ''} ${isEnded ? 'is-ended' : ''}`} aria-labelledby={`title-${id}`}>
      <Head id={id} conference={conference} controls={controls} />
      <div className="values">
        <Attendance watched={watched} isEnded={isEnded} />
        <Times conference={conference} receivedAtMs={watched.receivedAtMs} isTicking={!isStale && !isEnded} />
        <Counters counters={conference.counters} isEnded={isEnded} />
        <dl className="people">
          <Host id={id} title={conference.title ?? id} accountId={conference.host.user?.id} />
          <Password id={id} title={conference.title ?? id} />
        </dl>
      </div>
      <Freshness watched={watched} isStale={isStale} onAgain={onAgain} />
    </article>
  );
}

const isCut = ({ kind }: Connection) => kind === 'waiting' || kind === 'refused';

interface HeadProps {
  readonly id: string;
  readonly conference: Conference;
  readonly controls: ReactNode;
}

function Head({ id, conference, controls }: HeadProps) {
  const { t } = useSpeech();
  return (
    <header>
      <div className="card-top">
        <StatusBadge conference={conference} />
        {controls}
      </div>
      <h2 id={`title-${id}`}>{conference.title ?? t.untitled}</h2>
      <p className="subtitle">
        <span>
          {t.conferenceId} <span className="id">{id}</span>
        </span>
        {conference.dataCenter !== null && (
          <span>
            {t.dataCenter} {conference.dataCenter}
          </span>
        )}
      </p>
      <Badges conference={conference} />
    </header>
  );
}
