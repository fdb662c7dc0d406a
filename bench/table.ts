import type { Figure } from './scenario.ts';

/** One line a figure: what is promised, what ours and the plain gateway came to, and how many times ours the plain one's is. */
export function tableOf(title: string, ours: readonly Figure[], plain: readonly Figure[]): string {
  const lines = ours.map((figure, index) => lineOf(figure, plain[index]?.value ?? NaN));
  return [title, row(['', 'promised', 'ours', 'plain', 'plain/ours']), ...lines, ''].join('\n');
}

/** Whether a figure is what was promised; one without a promise always is. */
export function isKept({ value, promise }: Figure): boolean {
  if (promise === undefined) return true;
  return 'atLeast' in promise ? value >= promise.atLeast : value <= promise.atMost;
}

function lineOf(figure: Figure, plainValue: number): string {
  const { what, value, unit } = figure;
  const verdict = isKept(figure) ? '' : '  MISSED';
  const ratio = plainValue / value;
  const cells = [what, promised(figure), written(value, unit), written(plainValue, unit)];
  return row([...cells, Number.isFinite(ratio) ? `${brief(ratio)} ×` : '']) + verdict;
}

function promised({ promise, unit }: Figure): string {
  if (promise === undefined) return '';
  return 'atLeast' in promise ? `≥ ${written(promise.atLeast, unit)}` : `≤ ${written(promise.atMost, unit)}`;
}

function written(value: number, unit: string): string {
  if (value === Infinity) return 'never';
  return Number.isNaN(value) ? '–' : `${brief(value)} ${unit}`;
}

const brief = (value: number) =>
  value.toLocaleString('en', { maximumFractionDigits: Math.abs(value) < 10 ? 3 : 1 });

function row([what = '', ...cells]: readonly string[]): string {
  return `  ${what.padEnd(42)}${cells.map((cell) => cell.padStart(14)).join('')}`;
}
