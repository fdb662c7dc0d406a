import { clock } from '../i18n/formats.ts';
import { useSpeech } from '../i18n/language.tsx';
import type { Conference } from '../live/watched.ts';
import { useNow } from '../page/use-now.ts';

export interface TimesProps {
  readonly conference: Conference;
  readonly receivedAtMs: number;
  /** Whether the clock runs on between two events. */
  readonly isTicking: boolean;
}

/** How long it has lasted, and from when until when. */
export function Times({ conference, receivedAtMs, isTicking }: TimesProps) {
  const { t, language, time } = useSpeech();
  const nowMs = useNow();
  const { startTime, stopTime, status } = conference;
  const seconds = secondsOf(conference, receivedAtMs, isTicking && status === 'IN_PROGRESS' ? nowMs : receivedAtMs);
  return (
    <dl className="times">
      <div>
        <dt>{t.duration}</dt>
        <dd className="figure">
          <span role="timer">{seconds === undefined ? '–' : clock(seconds, language === 'zh' ? '天' : 'd')}</span>
        </dd>
      </div>
      <div>
        <dt>{t.started}</dt>
        <dd>
          {startTime ? (
            <time dateTime={startTime}>{time(startTime)}</time>
          ) : status === 'UNKNOWN' ? (
            t.notStarted
          ) : (
            t.unknown
          )}
        </dd>
      </div>
      {(stopTime || status === 'ENDED') && (
        <div className="end">
          <dt>{t.ended}</dt>
          <dd>{stopTime ? <time dateTime={stopTime}>{time(stopTime)}</time> : t.unknown}</dd>
        </div>
      )}
    </dl>
  );
}

/** By the upstream's count, and on from there by this machine's clock, whatever the two clocks say. */
function secondsOf(
  { durationSeconds, startTime, stopTime }: Conference,
  receivedAtMs: number,
  untilMs: number,
): number | undefined {
  const sinceReceived = Math.max(0, Math.floor((untilMs - receivedAtMs) / 1000));
  if (durationSeconds !== null) return durationSeconds + sinceReceived;
  if (!startTime) return undefined;
  const end = stopTime ? Date.parse(stopTime) : untilMs;
  return Math.max(0, Math.floor((end - Date.parse(startTime)) / 1000));
}
