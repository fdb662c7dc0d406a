import { useSpeech } from '../i18n/language.tsx';
import { spanOf } from '../live/history.ts';
import type { Watched } from '../live/watched.ts';
import { useNow } from '../page/use-now.ts';
import { Sparkline } from './sparkline.tsx';

export interface AttendanceProps {
  readonly watched: Watched;
  /** Whether no time is added to what was watched. */
  readonly isEnded: boolean;
}

/** The one number that counts people as they are now, and how it went while it was watched. */
export function Attendance({ watched: { conference, history }, isEnded }: AttendanceProps) {
  const { t, number, minutes } = useSpeech();
  const nowMs = useNow();
  const attendees = conference?.counters.attendees ?? null;
  const span = spanOf(history);
  const sinceMs = history[0]?.atMs ?? nowMs;
  const untilMs = isEnded ? (history.at(-1)?.atMs ?? nowMs) : Math.max(nowMs, sinceMs);
  const length = minutes(untilMs - sinceMs);
  return (
    <div className="attendance">
      <p className="attendees">
        <strong>{attendees === null ? '–' : number(attendees)}</strong>
        <span>{attendees === null ? t.attendeesUnknown : t.attendees}</span>
      </p>
      {span && untilMs > sinceMs && (
        <figure>
          <Sparkline
            history={history}
            untilMs={untilMs}
            label={t.trend(number(span.least), number(span.most), length)}
          />
          <figcaption aria-hidden="true">
            <span>{t.watchedFor(length)}</span>
            <span>{t.trendCaption(number(span.least), number(span.most))}</span>
          </figcaption>
        </figure>
      )}
    </div>
  );
}
