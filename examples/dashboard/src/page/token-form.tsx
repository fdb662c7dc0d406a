import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { useSpeech } from '../i18n/language.tsx';

export interface TokenFormProps {
  readonly reason: 'missing' | 'refused';
  readonly onToken: (token: string) => void;
  /** Undefined where nothing can be shown without a token. */
  readonly onCancel: (() => void) | undefined;
}

/** Asks for a token. It is handed on and kept nowhere: no storage, no address, no autocompletion. */
export function TokenForm({ reason, onToken, onCancel }: TokenFormProps) {
  const { t } = useSpeech();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [isMalformed, setIsMalformed] = useState(false);
  useEffect(() => input.current?.focus(), []);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const token = input.current?.value.trim() ?? '';
    // What a header can carry, and what the gateway takes.
    const isFit = /^[\x21-\x7e]{1,8192}$/.test(token);
    setIsMalformed(!isFit);
    if (isFit) onToken(token);
    else input.current?.focus();
  };

  return (
    <section className="panel" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{t.token.title}</h2>
      <p>{reason === 'refused' ? t.token.refused : t.token.why}</p>
      <form onSubmit={submit} className="line" noValidate>
        <label htmlFor={id} className="visually-hidden">
          {t.token.label}
        </label>
        <input
          id={id}
          ref={input}
          type="password"
          autoComplete="off"
          spellCheck={false}
          placeholder={t.token.label}
          aria-invalid={isMalformed}
          aria-describedby={`${id}-hint`}
        />
        <button type="submit" className="primary">
          {t.token.submit}
        </button>
        {onCancel && (
          <button type="button" onClick={onCancel}>
            {t.token.cancel}
          </button>
        )}
      </form>
      <p id={`${id}-hint`} className={isMalformed ? 'bad' : 'hint'}>
        {isMalformed ? t.token.malformed : t.token.kept}
      </p>
    </section>
  );
}
