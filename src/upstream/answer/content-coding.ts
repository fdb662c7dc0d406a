import { isCharsetLabel } from './charset.ts';

/**
 * Whether a content-encoding header names an encoding (`coded`), none (`none`), or a word that is not an encoding (`misnamed`): some
 * services in Java write the charset there. `misnamed` is treated as no encoding.
 */
export function readContentCoding(header: string | undefined): 'none' | 'misnamed' | 'coded' {
  if (header === undefined) return 'none';
  const codings = header
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'identity');
  if (codings.length === 0) return 'none';
  return codings.every((coding) => coding === 'none' || isCharsetLabel(coding)) ? 'misnamed' : 'coded';
}
