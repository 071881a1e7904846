import { useMutation } from '@tanstack/react-query';
import { Button } from 'react-aria-components/Button';
import { saveAs } from './save-as.ts';
import { Failure } from './states.tsx';

/** Without it, Excel reads a CSV file in the encoding of the system and shows “é” as “Ã©”. */
const BYTE_ORDER_MARK = '\ufeff';

/** A button that saves a CSV text as a file for spreadsheets. */
export function DownloadCsv({ file, load }: { file: string; load: () => Promise<string> }) {
  const download = useMutation({
    mutationFn: load,
    onSuccess: (text) => saveAs(file, `${BYTE_ORDER_MARK}${text}`, 'text/csv'),
  });
  return (
    <div className="download">
      <Button className="button" isPending={download.isPending} onPress={() => download.mutate()}>
        Download as CSV
      </Button>
      {download.isError && <Failure error={download.error} />}
    </div>
  );
}
