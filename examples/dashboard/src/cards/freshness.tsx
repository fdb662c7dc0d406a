import type { Messages } from '../i18n/en.ts';
import { useSpeech } from '../i18n/language.tsx';
import type { Watched } from '../live/watched.ts';
import { useNow } from '../page/use-now.ts';
import { textsOf } from './problem-texts.ts';

/** @param path of a field, such as `counters.attendees`: as the page names it, where it does. */
function nameOf({ fields, counters, attendees }: Messages, path: string): string {
  const names: Readonly<Record<string, string>> = { ...fields, ...counters, attendees };
  return names[path.replace('counters.', '')] ?? path;
}

export interface FreshnessProps {
  readonly watched: Watched;
  readonly isStale: boolean;
  readonly onAgain: () => void;
}

/** How old the values are, and why, if they should be newer. */
export function Freshness({ watched: { conference, problem, unreadable }, isStale, onAgain }: FreshnessProps) {
  const { t, age, time } = useSpeech();
  const nowMs = useNow();
  const observedAt = conference?.observedAt;
  // Never in the future, whatever the two clocks say.
  const words = observedAt ? age(Math.max(0, nowMs - Date.parse(observedAt))) : undefined;
  const texts = problem && textsOf(t, problem);
  const sentence = words === undefined ? t.undated : isStale ? t.lastKnown(words) : t.fresh(words);
  return (
    <footer className="freshness">
      {texts && (
        <p className="problem">
          <strong>{texts.title}</strong> {problem.code === 'UPSTREAM_REJECTED' && problem.message} {texts.hint}
        </p>
      )}
      {unreadable.length > 0 && <p className="problem">{t.unreadable(unreadable.map((path) => nameOf(t, path)).join(', '))}</p>}
      <p className="age">
        {observedAt ? (
          <time dateTime={observedAt} title={time(observedAt)}>
            {sentence}
          </time>
        ) : (
          sentence
        )}
        {conference?.status === 'ENDED' && (
          <button type="button" className="small" onClick={onAgain}>
            {t.askAgain}
          </button>
        )}
      </p>
    </footer>
  );
}
