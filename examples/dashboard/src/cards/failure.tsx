import type { Problem } from '../gateway/problem.ts';
import { useSpeech } from '../i18n/language.tsx';
import { textsOf } from './problem-texts.ts';

/** Why something that was asked for is not shown. */
export function Failure({ problem }: { readonly problem: Problem }) {
  const { t } = useSpeech();
  return (
    <p className="bad" role="alert">
      {textsOf(t, problem).title}
    </p>
  );
}
