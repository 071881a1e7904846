import { useMemo } from 'react';
import { fieldProblems } from '../api/problem.ts';

/** What a form needs to know of the mutation that sends it. */
interface Sending {
  error: unknown;
  isError: boolean;
  reset: () => void;
}

/**
 * What the service found wrong with a form's fields.
 *
 * @param find - the problems of an error, by the names of the fields
 */
export function useFormProblems(
  sending: Sending,
  find: (error: unknown) => Record<string, string> = fieldProblems,
) {
  const { error, isError, reset } = sending;
  const problems = useMemo(() => find(error), [find, error]);
  return {
    problems,
    /** It failed, and for a reason that no field tells. */
    isElsewhere: isError && Object.keys(problems).length === 0,
    /** What the service found wrong would hold the form back, and is no longer so once something else is typed. */
    typed: (set: (text: string) => void) => (text: string) => {
      set(text);
      if (isError) reset();
    },
  };
}
