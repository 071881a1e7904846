import { useMemo } from 'react';
import { fieldProblems } from '../api/problem.ts';

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
  return {
    problems,
    /** The submission failed for a reason that belongs to no field. */
    hasOtherError: isError && Object.keys(problems).length === 0,
    /** Wraps a field's setter: a message of the API blocks submitting until the user changes a field. */
    clearOnChange: (set: (text: string) => void) => (text: string) => {
      set(text);
      if (isError) reset();
    },
  };
}
