import { type FormEvent, useId, useState } from 'react';
import { useSpeech } from '../i18n/language.tsx';
import { idsInText } from './address.ts';
import { useAnnounce } from './announcer.tsx';
import { Icon } from './icon.tsx';

export interface AddFormProps {
  readonly ids: readonly string[];
  readonly onChange: (ids: readonly string[]) => void;
}

export function AddForm({ ids, onChange }: AddFormProps) {
  const { t } = useSpeech();
  const announce = useAnnounce();
  const id = useId();
  const [text, setText] = useState('');
  const [known, setKnown] = useState<string>();

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const typed = idsInText(text);
    const fresh = typed.filter((one) => !ids.includes(one));
    setKnown(fresh.length === 0 ? typed[0] : undefined);
    if (fresh.length === 0) return;
    setText('');
    onChange([...ids, ...fresh]);
    announce(t.said.added(fresh.join(', ')));
  };

  return (
    <form className="line add" onSubmit={submit}>
      <label htmlFor={id}>{t.add.label}</label>
      <input
        id={id}
        type="text"
        inputMode="numeric"
        autoComplete="off"
        spellCheck={false}
        placeholder={t.add.placeholder}
        value={text}
        aria-describedby={`${id}-hint`}
        onChange={({ target }) => {
          setText(target.value);
          setKnown(undefined);
        }}
      />
      <button type="submit" className="primary">
        <Icon name="plus" />
        {t.add.button}
      </button>
      <span id={`${id}-hint`} className="hint" role="status">
        {known ? t.add.alreadyWatched(known) : ids.length > 0 && t.count(ids.length)}
      </span>
    </form>
  );
}
