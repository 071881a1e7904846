import { useEffect, useRef, useState } from 'react';
import { Field } from './fields.tsx';
import { parseDay } from './link-filters.ts';

/** A field for a day. It reports only complete days: while the user types a year, the browser reports years such as 0002. */
export function DayField({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string | undefined;
  onChange: (day: string | undefined) => void;
}) {
  const [text, setText] = useState(value ?? '');
  const reported = useRef(value);
  // The URL may also change by a link, the back button or clearing the filters.
  useEffect(() => {
    if (value === reported.current) return;
    reported.current = value;
    setText(value ?? '');
  }, [value]);
  return (
    <Field
      label={label}
      type="date"
      value={text}
      onChange={(typed) => {
        setText(typed);
        const day = typed === '' ? undefined : parseDay(typed);
        if ((typed !== '' && day === undefined) || day === reported.current) return;
        reported.current = day;
        onChange(day);
      }}
    />
  );
}
