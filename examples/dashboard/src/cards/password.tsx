import { participantPassword } from '../gateway/documents.ts';
import { useSpeech } from '../i18n/language.tsx';
import { useNow } from '../page/use-now.ts';
import { Failure } from './failure.tsx';
import { RevealButton } from './reveal-button.tsx';
import { useRevealed } from './use-revealed.ts';

const shownMs = 60_000;

/** The participants' password: asked for when somebody wants to see it, and hidden again after a minute. */
export function Password({ id, title }: { readonly id: string; readonly title: string }) {
  const { t } = useSpeech();
  const reveal = useRevealed(participantPassword, id, shownMs);
  const { revealed } = reveal;
  return (
    <div>
      <dt>{t.password}</dt>
      <dd>
        <div className="reveal">
          <span className="masked">
            {revealed.kind === 'asking' && t.asking}
            {revealed.kind === 'shown' && (
              <>
                <span className="id">{revealed.value.conference?.participantPassword ?? t.noPassword}</span>
                <Countdown untilMs={revealed.untilMs} />
              </>
            )}
            {(revealed.kind === 'hidden' || revealed.kind === 'failed') && (
              <>
                <span aria-hidden="true">••••••</span>
                <span className="visually-hidden">{t.masked}</span>
              </>
            )}
          </span>
          <RevealButton
            {...reveal}
            showLabel={t.showPasswordLabel(title)}
            hideLabel={t.hidePasswordLabel(title)}
          />
        </div>
        {revealed.kind === 'failed' && <Failure problem={revealed.problem} />}
      </dd>
    </div>
  );
}

function Countdown({ untilMs }: { readonly untilMs: number }) {
  const { t } = useSpeech();
  // The page's clock ticks once a second, so it is late by up to one.
  return <span className="account">{t.hiddenIn(Math.max(0, Math.floor((untilMs - useNow()) / 1000)))}</span>;
}
