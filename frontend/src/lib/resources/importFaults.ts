/** What is wrong with a file of offers, or with a row of it, in words. */
import type { FieldProblem } from '#lib/api/problem.ts';
import { hasWord, t, word } from '#lib/words/words.svelte.ts';

/** The path names the column or the line, "file.county" or "file.7", or the file itself. */
export const fileFault = ({ field, code }: FieldProblem): string =>
  word('fileFault', code, { subject: field.replace(/^file\./, '') });

export function rowFault({ field, code }: Pick<FieldProblem, 'field' | 'code'>): string {
  if (!field) return t('import.otherLength');
  const said = hasWord('rowFault', code)
    ? word('rowFault', code, { column: field })
    : word('fault', code);
  return `${field}: ${said}`;
}
