import { useSpeech } from '../i18n/language.tsx';
import type { Connection } from '../live/watch.ts';
import { Icon } from './icon.tsx';
import { useNow } from './use-now.ts';

export interface NoticeProps {
  readonly connection: Connection;
  readonly count: number;
  readonly onAgain: () => void;
}

/** What is wrong with the whole page, and what can be done. */
export function Notice({ connection, count, onAgain }: NoticeProps) {
  const { t } = useSpeech();
  if (count === 0) return null;
  if (connection.kind === 'waiting') return <Waiting connection={connection} onAgain={onAgain} />;
  if (connection.kind !== 'refused') return null;
  const { code, message } = connection.problem;
  const isTooMany = code === 'TOO_MANY_UPSTREAM_CALLS' || code === 'ANSWER_TOO_LARGE';
  return (
    <Panel
      title={isTooMany ? t.notice.tooManyTitle : t.notice.refusedTitle}
      text={isTooMany ? t.notice.tooManyAtOnce(count) : `${message} (${code})`}
      action={t.notice.retry}
      onAction={onAgain}
    />
  );
}

interface WaitingProps {
  readonly connection: Extract<Connection, { kind: 'waiting' }>;
  readonly onAgain: () => void;
}

function Waiting({ connection: { untilMs, problem }, onAgain }: WaitingProps) {
  const { t } = useSpeech();
  const seconds = Math.max(0, Math.ceil((untilMs - useNow()) / 1000));
  const isTooMany = problem?.code === 'TOO_MANY_WATCHED';
  return (
    <Panel
      title={isTooMany ? t.notice.tooManyTitle : t.notice.waitingTitle}
      text={isTooMany ? t.notice.tooManyWaiting(seconds) : t.notice.waiting(seconds)}
      action={t.notice.retryNow}
      onAction={onAgain}
    />
  );
}

interface PanelProps {
  readonly title: string;
  readonly text: string;
  readonly action: string;
  readonly onAction: () => void;
}

const Panel = ({ title, text, action, onAction }: PanelProps) => (
  <section className="notice" aria-label={title}>
    <Icon name="alert" />
    <div>
      <strong>{title}</strong>
      <p>{text}</p>
    </div>
    <button type="button" onClick={onAction}>
      {action}
    </button>
  </section>
);
