import { isCharsetLabel } from './charset.ts';

/**
 * What a content-encoding says: that there is no coding, the same by a word that is none (`none`, or the charset, which services in
 * Java write there), or that there is one.
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
