import { useEffect, useMemo } from 'react';
import { fieldProblems, isProblem } from '../api/problem.ts';
import { CODE } from './CodeField.tsx';

/** The state of the mutation that submits a form. */
interface Submission {
  error: unknown;
  isError: boolean;
  reset: () => void;
}

/**
 * The API's validation messages for a form.
 *
 * @param find - extracts the messages from an error, by field name
 */
export function useFormProblems(
  submission: Submission,
  find: (error: unknown) => Record<string, string> = fieldProblems,
) {
  const { error, isError, reset } = submission;
  const problems = useMemo(() => find(error), [find, error]);
  const [first] = Object.keys(problems);
  const hasProblems = first !== undefined;
  // As browsers do for their own messages: a screen reader then reads the field and what is wrong with it.
  useEffect(() => {
    if (first !== undefined) focusField(first);
  }, [first]);
  return {
    problems,
    /** The submission failed for a reason that belongs to no field. */
    hasOtherError: isError && !hasProblems,
    /** Wraps a field's setter: a message of the API blocks submitting until the user changes a field. */
    clearOnChange: (set: (text: string) => void) => (text: string) => {
      set(text);
      if (hasProblems) reset();
    },
  };
}

/** Moves the focus to a field of the form that the user has just submitted. */
function focusField(name: string): void {
  const field = document.activeElement?.closest('form')?.elements.namedItem(name);
  if (field instanceof HTMLElement) field.focus();
}

/** The messages for the fields of a form with a {@link CodeField}. The API reports a wrong code without naming a field. */
export function findCodeProblems(error: unknown): Record<string, string> {
  if (isProblem(error, 'wrong-code')) return { [CODE]: WRONG_CODE };
  return fieldProblems(error);
}

const WRONG_CODE =
  'This code is wrong, expired or already used. Enter the code that the app shows now, or another recovery code.';
