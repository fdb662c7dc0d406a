import { useSpeech } from '../i18n/language.tsx';
import type { Reveal } from './use-revealed.ts';

export interface RevealButtonProps extends Reveal<unknown> {
  readonly showLabel: string;
  readonly hideLabel: string;
}

export function RevealButton({ revealed, show, hide, showLabel, hideLabel }: RevealButtonProps) {
  const { t } = useSpeech();
  const isShown = revealed.kind === 'shown';
  return (
    <button
      type="button"
      className="small"
      aria-expanded={isShown}
      aria-label={isShown ? hideLabel : showLabel}
      onClick={isShown ? hide : show}
    >
      {isShown ? t.hide : t.show}
    </button>
  );
}
