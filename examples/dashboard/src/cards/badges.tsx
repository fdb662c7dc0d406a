import { useSpeech } from '../i18n/language.tsx';
import type { Conference } from '../live/watched.ts';
import { Icon } from '../page/icon.tsx';

interface BadgesProps {
  readonly conference: Conference;
}

export function StatusBadge({ conference: { status, statusCode } }: BadgesProps) {
  const { t } = useSpeech();
  return (
    <p className={`badge status-${status}`}>
      <span className="dot" aria-hidden="true" />
      {status === 'UNKNOWN' ? t.statusCode(statusCode) : t.status[status]}
    </p>
  );
}

/** Two facts that are each yes, no or unknown. */
export function Badges({ conference: { status, isSecure, isRecorded } }: BadgesProps) {
  const { t } = useSpeech();
  const secure = answerOf(isSecure);
  const recorded = answerOf(isRecorded);
  return (
    <ul className="badges">
      <li className={`badge secure-${secure}`}>
        <Icon name="lock" />
        {t.secure[secure]}
      </li>
      <li className={`badge recorded-${recorded}`}>
        <Icon name="record" />
        {(status === 'ENDED' ? t.wasRecorded : t.recorded)[recorded]}
      </li>
    </ul>
  );
}

const answerOf = (value: boolean | null) => (value === null ? 'unknown' : value ? 'yes' : 'no');
