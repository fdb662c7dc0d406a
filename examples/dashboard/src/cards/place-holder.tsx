import type { ReactNode } from 'react';
import type { Problem } from '../gateway/problem.ts';
import { useSpeech } from '../i18n/language.tsx';
import { Icon } from '../page/icon.tsx';
import { textsOf } from './problem-texts.ts';

export interface PlaceHolderProps {
  readonly id: string;
  /** Undefined while it loads. */
  readonly problem: Problem | undefined;
  /** Whether nothing is under way: something else has to be done first. */
  readonly isHeldUp: boolean;
  readonly controls: ReactNode;
  readonly onAgain: () => void;
}

/** A card of a conference of which nothing can be shown, yet or at all. */
export function PlaceHolder({ id, problem, isHeldUp, controls, onAgain }: PlaceHolderProps) {
  const { t } = useSpeech();
  const texts = problem && textsOf(t, problem);
  return (
    <article className={`card ${problem ? 'is-problem' : 'is-loading'}`} aria-labelledby={`title-${id}`} aria-busy={!problem && !isHeldUp}>
      <header>
        <div className="card-top">
          <p className="subtitle">
            {t.conferenceId} <span className="id">{id}</span>
          </p>
          {controls}
        </div>
        <h2 id={`title-${id}`}>{texts ? texts.title : isHeldUp ? t.problem.notAsked : t.problem.loading}</h2>
      </header>
      {problem && texts ? (
        <div className="problem-body">
          <Icon name={problem.code === 'FORBIDDEN' ? 'lock' : problem.code === 'NOT_FOUND' ? 'search' : 'alert'} />
          <div>
            {problem.code === 'UPSTREAM_REJECTED' && <p className="quote">{problem.message}</p>}
            <p>{texts.hint}</p>
            <p className="hint code">{problem.code}</p>
            <button type="button" className="small" onClick={onAgain}>
              {t.askAgain}
            </button>
          </div>
        </div>
      ) : (
        !isHeldUp && (
          <div className="skeleton" aria-hidden="true">
            <span />
            <span />
            <span />
          </div>
        )
      )}
    </article>
  );
}
