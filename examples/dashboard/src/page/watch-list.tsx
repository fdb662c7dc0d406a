import { type ReactNode, useEffect, useRef } from 'react';
import { useSpeech } from '../i18n/language.tsx';
import { useAnnounce } from './announcer.tsx';
import { Icon } from './icon.tsx';

export interface WatchListProps {
  readonly ids: readonly string[];
  readonly onChange: (ids: readonly string[]) => void;
  readonly titleOf: (id: string) => string;
  readonly children: (id: string, controls: ReactNode) => ReactNode;
}

/** The cards in their order, which can be changed by mouse, finger and keyboard alike. */
export function WatchList({ ids, onChange, titleOf, children }: WatchListProps) {
  const { t } = useSpeech();
  const announce = useAnnounce();
  const list = useRef<HTMLUListElement>(null);
  // A button that moves with its card, or leaves with it, would lose the focus.
  const focusNext = useRef<{ readonly id: string | undefined; readonly control: string }>(undefined);

  useEffect(() => {
    const wanted = focusNext.current;
    focusNext.current = undefined;
    if (!wanted) return;
    const buttons = wanted.id === undefined ? [] : buttonsOf(list.current, wanted.id);
    const button = buttons.find(({ dataset }) => dataset['control'] === wanted.control);
    const usable = button && !button.disabled ? button : buttons.find(({ disabled }) => !disabled);
    (usable ?? document.querySelector<HTMLInputElement>('.add input'))?.focus();
  });

  const move = (from: number, by: -1 | 1) => {
    const id = ids[from];
    if (id === undefined) return;
    focusNext.current = { id, control: by < 0 ? 'earlier' : 'later' };
    onChange(ids.toSpliced(from, 1).toSpliced(from + by, 0, id));
    announce(t.said.moved(titleOf(id), from + by + 1, ids.length));
  };
  const remove = (from: number) => {
    const id = ids[from];
    if (id === undefined) return;
    focusNext.current = { id: ids[from + 1] ?? ids[from - 1], control: 'remove' };
    onChange(ids.toSpliced(from, 1));
    announce(t.said.removed(titleOf(id)));
  };

  if (ids.length === 0) {
    return (
      <div className="empty">
        <Icon name="search" />
        <h2>{t.add.none}</h2>
        <p>{t.add.noneHint}</p>
      </div>
    );
  }
  return (
    <ul className="cards" ref={list}>
      {ids.map((id, place) => (
        <li key={id} data-conference={id}>
          {children(
            id,
            <div className="controls">
              <Control
                control="earlier"
                label={t.moveEarlier(titleOf(id))}
                icon="up"
                disabled={place === 0}
                onClick={() => move(place, -1)}
              />
              <Control
                control="later"
                label={t.moveLater(titleOf(id))}
                icon="down"
                disabled={place === ids.length - 1}
                onClick={() => move(place, 1)}
              />
              <Control
                control="remove"
                label={t.remove(titleOf(id))}
                icon="close"
                disabled={false}
                onClick={() => remove(place)}
              />
            </div>,
          )}
        </li>
      ))}
    </ul>
  );
}

/** Of one card. An ID is no selector: it may hold any character. */
function buttonsOf(list: HTMLUListElement | null, id: string): readonly HTMLButtonElement[] {
  const card = [...(list?.children ?? [])].find(
    (item) => item instanceof HTMLElement && item.dataset['conference'] === id,
  );
  return [...(card?.querySelectorAll<HTMLButtonElement>('.controls button') ?? [])];
}

interface ControlProps {
  readonly control: 'earlier' | 'later' | 'remove';
  readonly label: string;
  readonly icon: 'up' | 'down' | 'close';
  readonly disabled: boolean;
  readonly onClick: () => void;
}

const Control = ({ control, label, icon, disabled, onClick }: ControlProps) => (
  <button
    type="button"
    className="bare"
    data-control={control}
    title={label}
    aria-label={label}
    disabled={disabled}
    onClick={onClick}
  >
    <Icon name={icon} />
  </button>
);
