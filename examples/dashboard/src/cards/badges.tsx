import { useSpeech } from '../i18n/language.tsx';
import type { Conference } from '../live/watched.ts';
import { Icon } from '../page/icon.tsx';

/** The status, and two facts that are each yes, no or unknown. */
export function Badges({ conference: { status, statusCode, isSecure, isRecorded } }: { readonly conference: Conference }) {
  const { t } = useSpeech();
  const secure = answerOf(isSecure);
  const recorded = answerOf(isRecorded);
  return (
    <ul className="badges">
      <li className={`badge status-${status}`}>
        <span className="dot" aria-hidden="true" />
        {status === 'UNKNOWN' ? t.statusCode(statusCode) : t.status[status]}
      </li>
      <li className={`badge secure-${secure}`}>
        <Icon name="lock" />
        {t.secure[secure]}
      </li>
      <li className={`badge recorded-${recorded}`}>
        <Icon name="record" />
        {t.recorded[recorded]}
      </li>
    </ul>
  );
}

const answerOf = (value: boolean | null) => (value === null ? 'unknown' : value ? 'yes' : 'no');
