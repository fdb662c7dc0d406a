import { createContext, type ReactNode, use, useEffect, useMemo, useState } from 'react';
import { en, type Messages } from './en.ts';
import { createFormats, type Formats } from './formats.ts';
import { zh } from './zh.ts';

export const languages = { en: { messages: en, locale: 'en-GB' }, zh: { messages: zh, locale: 'zh-CN' } };
export type Language = keyof typeof languages;

export interface Speech extends Formats {
  readonly language: Language;
  readonly t: Messages;
  readonly setLanguage: (language: Language) => void;
}

const Context = createContext<Speech | undefined>(undefined);

export function useSpeech(): Speech {
  const speech = use(Context);
  if (!speech) throw new Error('There is no SpeechProvider around this.');
  return speech;
}

const storageKey = 'language';

/** As was chosen here before, or else the browser's first language that the page speaks. */
function initialLanguage(): Language {
  const wanted = [localStorage.getItem(storageKey) ?? '', ...navigator.languages];
  for (const tag of wanted) {
    if (tag.startsWith('zh')) return 'zh';
    if (tag.startsWith('en')) return 'en';
  }
  return 'en';
}

export function SpeechProvider({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState(initialLanguage);
  useEffect(() => {
    document.documentElement.lang = languages[language].locale;
    document.title = languages[language].messages.title;
  }, [language]);
  const speech = useMemo(() => {
    const { messages, locale } = languages[language];
    return {
      language,
      t: messages,
      setLanguage(next: Language) {
        localStorage.setItem(storageKey, next);
        setLanguage(next);
      },
      ...createFormats(locale, messages.justNow),
    };
  }, [language]);
  return <Context value={speech}>{children}</Context>;
}
