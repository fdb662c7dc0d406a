import { hostDetails } from '../gateway/documents.ts';
import { useSpeech } from '../i18n/language.tsx';
import { Failure } from './failure.tsx';
import { RevealButton } from './reveal-button.tsx';
import { useRevealed } from './use-revealed.ts';

export interface HostProps {
  readonly id: string;
  readonly title: string;
  readonly accountId: string | undefined;
}

const fields = ['name', 'email', 'mobile', 'location', 'ip'] as const;

/** The host: personal data, which stay with the gateway until somebody asks for them. */
export function Host({ id, title, accountId }: HostProps) {
  const { t } = useSpeech();
  const reveal = useRevealed(hostDetails, id, Infinity);
  const { revealed } = reveal;
  const host = revealed.kind === 'shown' ? revealed.value.conference?.host : undefined;
  return (
    <div>
      <dt>{t.host}</dt>
      <dd>
        <div className="reveal">
          <span className="masked">
            <span>{revealed.kind === 'asking' ? t.asking : host ? (host.name ?? t.unknown) : <Dots />}</span>
            {accountId !== undefined && <span className="account">{t.hostAccount(accountId)}</span>}
          </span>
          <RevealButton {...reveal} showLabel={t.showHostLabel(title)} hideLabel={t.hideHostLabel(title)} />
        </div>
        {revealed.kind === 'failed' && <Failure problem={revealed.problem} />}
        {host && (
          <dl className="details">
            {fields.slice(1).map((field) => (
              <div key={field}>
                <dt>{t.hostFields[field]}</dt>
                <dd>{host[field] || <span className="nothing">{t.unknown}</span>}</dd>
              </div>
            ))}
          </dl>
        )}
      </dd>
    </div>
  );
}

function Dots() {
  const { t } = useSpeech();
  return (
    <>
      <span aria-hidden="true">••••••</span>
      <span className="visually-hidden">{t.masked}</span>
    </>
  );
}
