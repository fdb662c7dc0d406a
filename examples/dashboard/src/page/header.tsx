import type { RefObject } from 'react';
import { useSpeech } from '../i18n/language.tsx';
import type { Connection } from '../live/watch.ts';
import { Icon } from './icon.tsx';

export interface HeaderProps {
  /** Undefined where there is nothing to be connected for. */
  readonly connection: Connection | undefined;
  readonly tokenButton: RefObject<HTMLButtonElement | null>;
  /** Undefined where the token is being asked for anyway. */
  readonly onToken: (() => void) | undefined;
}

export function Header({ connection, tokenButton, onToken }: HeaderProps) {
  const { t, language, setLanguage } = useSpeech();
  const other = language === 'en' ? 'zh' : 'en';
  return (
    <header className="page-header">
      <div className="page-header-inner">
        <h1>
          <img src="./icon.svg" alt="" width="28" height="28" />
          {t.title}
        </h1>
        {import.meta.env.VITE_SIMULATOR_TOKEN && (
          <span className="tag" title={t.simulatorHint}>
            {t.simulator}
          </span>
        )}
        <span className="spacer" />
        {connection && (
          <span className={`connection connection-${connection.kind}`} data-connection={connection.kind}>
            <span className="dot" aria-hidden="true" />
            {t.connection[connection.kind]}
          </span>
        )}
        {onToken && (
          <button type="button" className="quiet" ref={tokenButton} onClick={onToken}>
            <Icon name="key" />
            {t.token.button}
          </button>
        )}
        <button
          type="button"
          className="quiet"
          lang={other === 'en' ? 'en' : 'zh-CN'}
          onClick={() => setLanguage(other)}
        >
          <Icon name="globe" />
          {other === 'en' ? 'English' : '中文'}
        </button>
      </div>
    </header>
  );
}
