import { HOUR_MS } from '../../../shared/days.ts';

/**
 * How long an answer is kept for the other batches of a run. Days and actions are those as of their request, so a series
 * must not mix days that were requested before a split with others that were requested after it.
 */
const KEPT_MS = HOUR_MS;

/** The answers to the requests of this process, by key. Batches that run at once share their requests. */
export class KeptAnswers<T> {
  readonly #answers = new Map<string, { at: number; answer: Promise<T> }>();

  /** An answer that is still kept, or on its way. */
  get(key: string): Promise<T> | undefined {
    const kept = this.#answers.get(key);
    if (kept && Date.now() - kept.at < KEPT_MS) return kept.answer;
    this.#answers.delete(key);
    return undefined;
  }

  /** The kept answer, or else that of a request. A failed request is forgotten: the next call sends it again. */
  getOr(key: string, request: () => Promise<T>): Promise<T> {
    const kept = this.get(key);
    if (kept) return kept;
    const answer = request();
    answer.catch(() => this.#answers.delete(key));
    this.#answers.set(key, { at: Date.now(), answer });
    return answer;
  }
}
