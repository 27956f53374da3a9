/** What is wrong with a file of offers, or with a row of it, in words. */
import type { FieldProblem } from '#lib/api/problem.ts';
import { hasWord, t, word } from '#lib/words/words.svelte.ts';

/** The path names the column or the line, "file.county" or "file.7", or the file itself. */
export const fileFault = ({ field, code }: FieldProblem): string =>
  word('fileFault', code, { subject: field.replace(/^file\./, '') });

/** A column bears the name that it has in the file; a part of a service is called as it is on screen. */
export function rowFault(
  { field, code }: Pick<FieldProblem, 'field' | 'code'>,
  ofService: boolean,
): string {
  if (!field) return t('import.otherLength');
  const column = ofService ? word('importedField', field) : field;
  const said = hasWord('rowFault', code)
    ? word('rowFault', code, { column })
    : word('fault', code);
  return `${column}: ${said}`;
}
