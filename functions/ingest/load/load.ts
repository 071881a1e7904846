import { bulkhead } from 'cockatiel';
import type { Batch, LoadResult } from '../../shared/contracts.ts';
import type { Sql } from '../../shared/database.ts';
import type { ObjectStore } from '../../shared/object-store.ts';
import { currenciesOf, rateSymbol, readRates, storeRates } from '../exchange-rates.ts';
import { describeInstruments } from '../instruments.ts';
import { sortAnswers } from './answers.ts';
import { judge } from './judge.ts';
import { listingsOf, readRecord, readRecords } from './read-records.ts';
import { lockInstruments, readInstruments, readStored } from './read-stored.ts';
import { writeVerdicts } from './write.ts';

/** Batches of one process take turns at reading: the database stores the first one while the next is parsed. */
const reading = bulkhead(1, Number.POSITIVE_INFINITY);

/**
 * Loads the raw records of a batch: reads them and the stored bars, judges each instrument, and writes the verdicts.
 * One transaction locks the instruments, so that repeated and concurrent loads of a batch end in the same rows.
 *
 * It also stores the exchange rates of the batch's currencies.
 *
 * An instrument that fails gets a row in `pipeline_failures`, and none of its bars are stored. If a source restated
 * its past before the requested days, the instrument is held back. The result names it, together with the batch that
 * fetches its whole history. Until that history is loaded, the instrument is recorded as failed, so that no
 * recommendation mixes the two price bases.
 *
 * @throws Error if the database or the object store fails; nothing is written then
 */
export async function loadBatch(batch: Batch, sql: Sql, objects: ObjectStore): Promise<LoadResult> {
  const records = await reading.execute(() => readRecords(batch, objects));
  const currencies = batch.interval === 'daily' ? currenciesOf(records.values()) : [];
  // In transactions of their own: batches share rates, and would otherwise wait for each other.
  for (const currency of currencies) {
    const record = await readRecord(batch, rateSymbol(currency), objects);
    if (record.status === 'fetched') await storeRates(sql, currency, record);
  }
  return sql.begin(async (tx) => {
    await lockInstruments(tx, batch);
    // Listings come first: an instrument is judged by the sessions of its exchange, which a listing may name.
    await describeInstruments(tx, listingsOf(records), await readRates(tx, currencies, batch.asOf));
    const sorted = sortAnswers(batch, records, await readInstruments(tx, batch));
    const verdicts = judge(batch, sorted, await readStored(tx, batch, sorted));
    return writeVerdicts(tx, batch, verdicts);
  });
}
