import { defined } from '../functions/shared/invariant.ts';
import { countDoubted, type Doubted } from '../test/functions/ingest/quality/action-recall-support.ts';

/**
 * Measures the checks of dividends and splits on invented series, whose faults are known: `recall` is the share of the
 * faulty ones that they doubt, `falseAlarms` the share of the clean ones.
 */
export async function benchChecks(): Promise<Record<string, number>> {
  return figuresOf(countDoubted());
}

/** Recall and false alarms, of all faults and of each kind. */
export function figuresOf(all: readonly Doubted[]): Record<string, number> {
  const faulty = all.filter(({ kind }) => kind !== 'clean');
  const clean = defined(
    all.find(({ kind }) => kind === 'clean'),
    'the clean series',
  );
  const sum = (key: 'doubted' | 'of') => faulty.reduce((total, one) => total + one[key], 0);
  return {
    recall: sum('doubted') / sum('of'),
    falseAlarms: clean.doubted / clean.of,
    faulty: sum('of'),
    clean: clean.of,
    ...Object.fromEntries(faulty.map(({ kind, doubted, of }) => [nameOf(kind), doubted / of])),
  };
}

/** The name of a figure: dividendAppliedTwice for "dividend applied twice". */
function nameOf(kind: string): string {
  return kind.replace(/ (\w)/g, (_, letter: string) => letter.toUpperCase());
}
