import { memoize } from '../base/memoize.ts';
import ar from './fixed-texts/ar.json' with { type: 'json' };
import de from './fixed-texts/de.json' with { type: 'json' };
import en from './fixed-texts/en.json' with { type: 'json' };
import es from './fixed-texts/es.json' with { type: 'json' };
import fr from './fixed-texts/fr.json' with { type: 'json' };
import it from './fixed-texts/it.json' with { type: 'json' };
import ja from './fixed-texts/ja.json' with { type: 'json' };
import nl from './fixed-texts/nl.json' with { type: 'json' };
import pt from './fixed-texts/pt.json' with { type: 'json' };

export type FixedTexts = typeof en;

const catalogue: ReadonlyMap<string, FixedTexts> = new Map(Object.entries({ en, de, fr, es, pt, nl, it, ja, ar }));

export const fixedTextLanguages = [...catalogue.keys()];

/** The texts of a language, else of its parent (`pt-BR`: `pt`), else the English ones. */
export const chooseFixedTexts = (language: string): FixedTexts => catalogue.get(findFixedTextLanguage(language)) ?? en;

export const findFixedTextLanguage = (spoken: string | null): string =>
  findClosestLanguage(spoken, fixedTextLanguages) ?? 'en';

/** A date in the language of the fixed texts: `14 October 2026`, `14. Oktober 2026`. */
export function formatDateInLanguage(language: string, at: number, timeZone: string): string {
  const written = findFixedTextLanguage(language);
  // English without a country would put the month first.
  const locale = written === 'en' ? 'en-GB' : written;
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long', calendar: 'gregory', timeZone }).format(at);
}

/** The closest offered language, whatever the spelling (`de_AT`, `DE`); null without one. */
export function findClosestLanguage(spoken: string | null, offered: readonly string[]): string | null {
  let wanted = (spoken ?? '').trim().toLowerCase().replaceAll('_', '-');
  while (wanted !== '') {
    const result = offered.find((value) => value.toLowerCase().replaceAll('_', '-') === wanted);
    if (result !== undefined) return result;
    wanted = wanted.slice(0, Math.max(0, wanted.lastIndexOf('-')));
  }
  return null;
}

const namedLanguages =
  'ar bg ca cs da de el en es et fa fi fr he hi hr hu id it ja ko lt lv nl no pl pt ro ru sk sl sr sv th tr uk vi zh'.split(
    ' ',
  );
const readNames = memoize((codes: string[]) => {
  const nameIn = (locale: string, code: string) => new Intl.DisplayNames(locale, { type: 'language' }).of(code);
  return new Map(codes.flatMap((code) => ['en', code].map((locale) => [nameIn(locale, code)?.toLowerCase(), code])));
});

/** The code of a language that a tool names in words, such as `Deutsch` or `English (United States)`; else the text. */
export function toLanguageCode(spoken: string | null): string | null {
  const name = (spoken ?? '')
    .replace(/\p{Cf}|[(].*/gu, '')
    .trim()
    .toLowerCase();
  return (name.length > 1 && !/^[a-z]{2,3}([-_]|$)/.test(name) && readNames(namedLanguages).get(name)) || spoken;
}

const rightToLeftLanguages = new Set(['ar', 'arc', 'ckb', 'dv', 'fa', 'he', 'ku', 'ps', 'sd', 'ug', 'ur', 'yi']);

export const findTextDirection = (language: string): 'ltr' | 'rtl' =>
  rightToLeftLanguages.has(language.toLowerCase().split('-')[0] ?? '') ? 'rtl' : 'ltr';

/** Fills `{name}` and the like into a text, once each; filled-in text is not searched again. */
export const filled = (text: string, values: Record<string, string>): string =>
  text.replace(/\{(\w+)\}/g, (given, name) => (Object.hasOwn(values, name) ? (values[name] ?? '') : given));
