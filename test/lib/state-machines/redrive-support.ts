/** The parts of a state that a redrive depends on. */
export interface WalkedState {
  Type: string;
  Next?: string;
  End?: boolean;
  Catch?: { ErrorEquals: string[]; Next: string }[];
  Default?: string;
  Choices?: { Next: string }[];
  ItemProcessor?: WalkedStates;
}

export interface WalkedStates {
  StartAt: string;
  States: Record<string, WalkedState>;
}

/** How a test steers the walk. */
export interface Walk {
  /** The branch that each choice takes. */
  choices: Record<string, string>;
  /** The number of items of a map; 1 by default. */
  items?: number;
  /** Whether a task fails. A task inside a map has the name `item/state`. */
  fails: (task: string) => boolean;
}

/** The state that an attempt left unfinished: it has an event for its entry and none for its exit. */
type Unfinished = { state: string; children?: (Unfinished | undefined)[] };

/**
 * An execution, redriven as AWS documents it:
 *
 * - A redrive continues from the states that were entered and never exited, with the definition of the first attempt.
 * - An unfinished task runs again. A state whose error was caught has exited, so it does not run again.
 * - An unfinished map redrives only its unsuccessful child executions, each from its own unfinished state.
 * - A Fail state is never exited. A redrive enters it again, and it fails again.
 */
export class WalkedExecution {
  readonly #machine: WalkedStates;
  #unfinished: Unfinished | undefined;
  #tasks: string[] = [];

  constructor(machine: WalkedStates) {
    this.#machine = machine;
  }

  /** Starts the execution. */
  start(walk: Walk): Attempt {
    return this.#attempt(walk, undefined);
  }

  /** Redrives the execution after its failure. */
  redrive(walk: Walk): Attempt {
    if (!this.#unfinished) throw new Error('an execution that succeeded cannot be redriven');
    return this.#attempt(walk, this.#unfinished);
  }

  #attempt(walk: Walk, from: Unfinished | undefined): Attempt {
    this.#tasks = [];
    this.#unfinished = this.#run(this.#machine, walk, from, '');
    return { status: this.#unfinished ? 'FAILED' : 'SUCCEEDED', tasks: this.#tasks };
  }

  /** @returns the state that stays unfinished, or undefined if the states end with success */
  #run(
    machine: WalkedStates,
    walk: Walk,
    from: Unfinished | undefined,
    item: string,
  ): Unfinished | undefined {
    let name: string | undefined = from?.state ?? machine.StartAt;
    let children = from?.children;
    while (name !== undefined) {
      const state: WalkedState | undefined = machine.States[name];
      if (!state) throw new Error(`there is no state ${name}`);
      const failure: Unfinished | undefined = this.#enter(name, state, walk, children, item);
      children = undefined;
      const caught: { Next: string } | undefined = state.Catch?.find(({ ErrorEquals }) =>
        ErrorEquals.includes('States.ALL'),
      );
      if (failure && !caught) return failure;
      name = failure ? caught?.Next : nextOf(name, state, walk);
    }
    return undefined;
  }

  #enter(
    name: string,
    state: WalkedState,
    walk: Walk,
    children: (Unfinished | undefined)[] | undefined,
    item: string,
  ): Unfinished | undefined {
    switch (state.Type) {
      case 'Task': {
        const task = `${item}${name}`;
        this.#tasks.push(task);
        return walk.fails(task) ? { state: name } : undefined;
      }
      case 'Map': {
        const processor = state.ItemProcessor;
        if (!processor) throw new Error(`the map ${name} has no processor`);
        const results = Array.from({ length: walk.items ?? 1 }, (_, i) => {
          // A redrive does not run the children again that succeeded.
          if (children && !children[i]) return undefined;
          return this.#run(processor, walk, children?.[i], `${i}/`);
        });
        return results.some(Boolean) ? { state: name, children: results } : undefined;
      }
      case 'Fail':
        return { state: name };
      case 'Choice':
      case 'Pass':
      case 'Succeed':
        return undefined;
      default:
        throw new Error(`the walk does not know how a redrive treats a ${state.Type} state`);
    }
  }
}

/** What one attempt of an execution did. */
export interface Attempt {
  status: 'SUCCEEDED' | 'FAILED';
  /** The tasks that ran, in order. */
  tasks: string[];
}

function nextOf(name: string, state: WalkedState, { choices }: Walk): string | undefined {
  if (state.Type !== 'Choice') return state.Next;
  const chosen = choices[name] ?? state.Default;
  if (chosen !== state.Default && !state.Choices?.some(({ Next }) => Next === chosen))
    throw new Error(`${name} has no branch to ${chosen}`);
  return chosen;
}
